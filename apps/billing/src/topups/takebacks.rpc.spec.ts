import { billingFixture, HUBEI, OPEN_DATE, paymentNumber, type BillingFixture } from '../testing/billing-fixture';

describe('credits taken back and settled, over RPC', () => {
  let billing: BillingFixture;
  let msisdn: string;
  let subscriberId: string;
  let paymentNo: string;
  let serial = 0;

  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  /** A number with 12.10 yuan and one credit of 50 yuan. */
  beforeEach(async () => {
    msisdn = `139000001${String(++serial).padStart(2, '0')}`;
    subscriberId = await billing.register({ msisdn, balance: '1210' });
    const item = billing.topup({ subscriberId });
    await billing.post(item);
    paymentNo = item.key;
  });

  const place = async (key: string, amount: string, kind: 'refund' | 'reversal' = 'refund', of = paymentNo) =>
    (await billing.client.call('holds.place', { items: [{ key, paymentNo: of, kind, amount, currency: 'CNY' }] }))
      .items[0];
  const resolve = async (key: string, action: 'post' | 'void', of = paymentNo) =>
    (await billing.client.call('holds.resolve', { items: [{ key, paymentNo: of, action }] })).items[0];
  const reverse = async (key: string, amount: string, of = paymentNo) =>
    (
      await billing.client.call('credits.reverse', {
        items: [{ key, paymentNo: of, amount, currency: 'CNY', reason: 'provider returned it', actor: 'clerk.b' }],
      })
    ).items[0];
  const settle = async (key: string, amount: string, branch = HUBEI) =>
    (
      await billing.client.call('settled.post', {
        items: [{ key, branch, provider: 'bank_a', date: OPEN_DATE, amount, currency: 'CNY' }],
      })
    ).items[0];
  const hubei = async () =>
    (await billing.client.call('ledger.branches', {})).branches.find(({ branch }) => branch === HUBEI);

  test('a refund: the value leaves the balance with the hold, the book shows it with the post, once', async () => {
    const refund = `${paymentNo}51`;
    expect(await place(refund, '2000')).toMatchObject({ outcome: 'held', replay: false, balanceAfter: '4210' });
    expect(await place(refund, '2000')).toMatchObject({ outcome: 'held', replay: true });
    expect(await billing.balance(msisdn)).toBe('4210');
    expect(await billing.facts(paymentNo)).toHaveLength(1);
    expect(await resolve(refund, 'post')).toMatchObject({ outcome: 'posted', replay: false });
    expect(await resolve(refund, 'post')).toMatchObject({ outcome: 'posted', replay: true });
    expect(await resolve(refund, 'void')).toMatchObject({ outcome: 'conflict' });
    expect(await billing.balance(msisdn)).toBe('4210');
    expect((await billing.facts(paymentNo)).slice(1)).toEqual([
      { kind: 'credit_reversed', amount: 2000n, refNo: refund, provider: 'bank_a', bookDate: OPEN_DATE },
    ]);
  });

  test('a refused refund gives the value back, once', async () => {
    const refund = `${paymentNo}52`;
    await place(refund, '2000');
    expect(await resolve(refund, 'void')).toMatchObject({ outcome: 'voided', replay: false });
    expect(await resolve(refund, 'void')).toMatchObject({ outcome: 'voided', replay: true });
    expect(await resolve(refund, 'post')).toMatchObject({ outcome: 'conflict' });
    expect(await billing.balance(msisdn)).toBe('6210');
    expect(await billing.facts(paymentNo)).toHaveLength(1);
  });

  test('refunds of one payment never exceed it, whatever the balance; a void makes room again', async () => {
    await billing.post(billing.topup({ subscriberId }));
    await place(`${paymentNo}61`, '3000');
    expect(await place(`${paymentNo}62`, '2001')).toMatchObject({ outcome: 'rejected', reason: 'refund_exceeds_paid' });
    await resolve(`${paymentNo}61`, 'void');
    expect(await place(`${paymentNo}63`, '5000')).toMatchObject({ outcome: 'held' });
    expect(await place(`${paymentNo}62`, '2001')).toMatchObject({ outcome: 'rejected', replay: true });
  });

  test('what was spent cannot be refunded, but a forced reversal passes the floor', async () => {
    const owing = await billing.register({ msisdn: '13900000900', balance: '-3000' });
    const item = billing.topup({ subscriberId: owing });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'credited', balanceAfter: '2000' });
    expect(await place(`${item.key}71`, '2001', 'refund', item.key)).toMatchObject({
      outcome: 'rejected',
      reason: 'refund_exceeds_balance',
    });
    expect(await place(`${item.key}72`, '2000', 'refund', item.key)).toMatchObject({ outcome: 'held' });
    expect(await reverse(`res-${item.key}`, '3000', item.key)).toMatchObject({ outcome: 'posted', replay: false });
    const looked = await billing.client.call('numbers.lookup', { items: [{ msisdn: '13900000900' }] });
    expect(looked.items[0]?.found).toMatchObject({ balance: '-3000', amountDue: null });
  });

  test('a reversal takes the whole credit or nothing', async () => {
    expect(await place(`${paymentNo}81`, '4000', 'reversal')).toMatchObject({
      outcome: 'rejected',
      reason: 'state_conflict',
    });
    expect(await place(`${paymentNo}82`, '5000', 'reversal')).toMatchObject({ outcome: 'held' });
    expect(await resolve(`${paymentNo}82`, 'post')).toMatchObject({ outcome: 'posted' });
    expect(await billing.balance(msisdn)).toBe('1210');
  });

  test('64 refunds at once of a payment of 50 yuan: at most 50 yuan are held', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => place(`${paymentNo}${String(n).padStart(3, '0')}`, '1000')),
    );
    expect(answers.filter((answer) => answer?.outcome === 'held')).toHaveLength(5);
    expect(answers.filter((answer) => answer?.reason === 'refund_exceeds_paid')).toHaveLength(59);
    expect(await billing.balance(msisdn)).toBe('1210');
  });

  test('of a payment that was never credited nothing can be held', async () => {
    const unseen = paymentNumber();
    expect(await place(`${unseen}51`, '1000', 'refund', unseen)).toMatchObject({ outcome: 'not_found' });
    await billing.client.call('topups.void', { items: [{ key: unseen }] });
    expect(await place(`${unseen}51`, '1000', 'refund', unseen)).toMatchObject({
      outcome: 'rejected',
      reason: 'state_conflict',
    });
    expect(await reverse(`res-${unseen}`, '1000', unseen)).toMatchObject({ outcome: 'rejected' });
  });

  test('a void of a hold that never came stops the hold that comes late', async () => {
    const refund = `${paymentNo}53`;
    expect(await resolve(refund, 'post')).toMatchObject({ outcome: 'not_found' });
    expect(await resolve(refund, 'void')).toMatchObject({ outcome: 'voided' });
    expect(await place(refund, '2000')).toMatchObject({ outcome: 'voided' });
    expect(await billing.balance(msisdn)).toBe('6210');
  });

  test('a forced reversal is done once and never beyond the credit; of a closed number the branch bears it', async () => {
    const key = `res-${paymentNo}`;
    expect(await reverse(key, '2000')).toMatchObject({ outcome: 'posted', replay: false });
    expect(await reverse(key, '2000')).toMatchObject({ outcome: 'posted', replay: true });
    expect(await reverse(key, '1000')).toMatchObject({ outcome: 'conflict', reason: 'amount' });
    expect(await billing.balance(msisdn)).toBe('4210');
    await billing.register({ msisdn, status: 'closed' });
    expect(await reverse(`${key}-2`, '3000')).toMatchObject({ outcome: 'posted' });
    expect((await billing.balances())[`branch/${HUBEI}/loss`]).toBe(-3000n);
    expect(await reverse(`${key}-3`, '1')).toMatchObject({ outcome: 'rejected', reason: 'refund_exceeds_paid' });
  });

  test('settled principal moves between receivable and settled, once per key, both ways', async () => {
    const before = await hubei();
    expect(await settle('b1-420000', '5000')).toMatchObject({ outcome: 'posted', replay: false });
    expect(await settle('b1-420000', '5000')).toMatchObject({ outcome: 'posted', replay: true });
    expect(await settle('b1-420000', '4000')).toMatchObject({ outcome: 'conflict', reason: 'amount' });
    expect(await settle('b2-420000', '-2000')).toMatchObject({ outcome: 'posted' });
    expect(await settle('b3-420000', '0')).toMatchObject({ outcome: 'posted' });
    expect(await settle('b4-999999', '1000', '999999')).toMatchObject({ outcome: 'rejected', reason: 'not_found' });
    const after = await hubei();
    expect(BigInt(after?.settled ?? '0') - BigInt(before?.settled ?? '0')).toBe(3000n);
    expect(BigInt(before?.receivable ?? '0') - BigInt(after?.receivable ?? '0')).toBe(3000n);
  });

  test('funded credits − reversals = settled + receivable, and everything verifies', async () => {
    const sums = await hubei();
    const of = (name: 'credits' | 'reversals' | 'settled' | 'receivable') => BigInt(sums?.[name] ?? '0');
    expect(of('credits') - of('reversals')).toBe(of('settled') + of('receivable'));
    expect(of('reversals')).toBeGreaterThan(0n);
    expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});

import { billingFixture, HUBEI, type BillingFixture } from '../testing/billing-fixture';

describe('value given back after a refund failed for good', () => {
  let billing: BillingFixture;
  let msisdn: string;
  let paymentNo: string;
  let serial = 0;

  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());
  beforeEach(async () => {
    msisdn = `139000003${String(++serial).padStart(2, '0')}`;
    const subscriberId = await billing.register({ msisdn, balance: '1210' });
    const item = billing.topup({ subscriberId });
    await billing.post(item);
    paymentNo = item.key;
  });

  const hold = async (refNo: string, amount: string) =>
    (
      await billing.client.call('holds.place', {
        items: [{ key: refNo, paymentNo, kind: 'refund', amount, currency: 'CNY' }],
      })
    ).items[0];
  const resolve = async (key: string, action: 'post' | 'void') =>
    (await billing.client.call('holds.resolve', { items: [{ key, paymentNo, action }] })).items[0];
  const giveBack = async (key: string, refNo: string) =>
    (
      await billing.client.call('credits.giveBack', {
        items: [{ key, paymentNo, refNo, currency: 'CNY', reason: 'the refund failed', actor: 'clerk.b' }],
      })
    ).items[0];
  const hubei = async () =>
    (await billing.client.call('ledger.branches', {})).branches.find(({ branch }) => branch === HUBEI);

  test('what was taken is there again, once, and may be refunded again; the book nets to nothing', async () => {
    const refNo = `${paymentNo}51`;
    const before = await hubei();
    await hold(refNo, '2000');
    await resolve(refNo, 'post');
    expect(await billing.balance(msisdn)).toBe('4210');
    const answers = await Promise.all(['res1', 'res2', 'res3'].map((key) => giveBack(key, refNo)));
    expect(answers.map((answer) => answer?.reason ?? answer?.outcome)).toEqual(['posted', 'posted', 'posted']);
    // Who asks while the first is under way is given its answer; who asks later hears that it was stored.
    expect(answers.some((answer) => answer?.replay === false)).toBe(true);
    expect(await giveBack('res4', refNo)).toMatchObject({ outcome: 'posted', replay: true });
    expect(await billing.balance(msisdn)).toBe('6210');
    expect((await hubei())?.receivable).toBe(before?.receivable);
    const facts = (await billing.facts(paymentNo)).filter(({ kind }) => kind === 'credit_reversed');
    expect(facts.map(({ amount, refNo: of }) => [amount, of])).toEqual([
      [2_000n, refNo],
      [-2_000n, refNo],
    ]);
    expect(await hold(`${paymentNo}52`, '5000')).toMatchObject({ outcome: 'held' });
    expect((await billing.client.call('ledger.verify', {})).ok).toBe(true);
  });

  test('whose number it went to is told by the payment, and of one that never was nobody', async () => {
    const never = paymentNo.replace(/\d{3}$/, '999');
    const { items } = await billing.client.call('credits.payees', { items: [{ key: paymentNo }, { key: never }] });
    expect(items).toEqual([
      { key: paymentNo, payee: { subscriberId: expect.any(String) as string, msisdn, ownerVersion: 1 } },
      { key: never, payee: null },
    ]);
  });

  test('a hold that stands, one that was voided, and one that never was give nothing back', async () => {
    const standing = `${paymentNo}61`;
    await hold(standing, '1000');
    expect(await giveBack('res4', standing)).toMatchObject({ outcome: 'rejected', reason: 'state_conflict' });
    await resolve(standing, 'void');
    expect(await giveBack('res5', standing)).toMatchObject({ outcome: 'rejected', reason: 'state_conflict' });
    expect(await giveBack('res6', `${paymentNo}62`)).toMatchObject({ outcome: 'rejected', reason: 'not_found' });
    expect(await billing.balance(msisdn)).toBe('6210');
  });
});

import { billingFixture, GUANGDONG, HUBEI, HUNAN, OPEN_DATE, type BillingFixture } from '../testing/billing-fixture';

describe('top-ups over RPC', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const setStatus = (branch: string, status: 'open' | 'maintenance') =>
    billing.client.call('branches.setStatus', { branch, status, actor: 'ops', reason: 'drill' });

  test('a credit moves the balance once and stands in the book of the open date', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000000', balance: '1210' });
    const item = billing.topup({ subscriberId });
    const [credited] = await billing.post(item);
    expect(credited).toMatchObject({ key: item.key, outcome: 'credited', replay: false, balanceAfter: '6210' });
    const [again] = await billing.post({ ...item, providerTxnId: 'T-1-known-later', businessDate: null });
    expect(again).toMatchObject({ outcome: 'credited', replay: true });
    expect(await billing.balance('13900000000')).toBe('6210');
    expect(await billing.facts(item.key)).toEqual([
      { kind: 'credited', amount: 5000n, refNo: '', provider: 'bank_a', bookDate: OPEN_DATE },
    ]);
  });

  test('the same key with another amount is a conflict that names the field and credits nothing', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000001' });
    const item = billing.topup({ subscriberId });
    await billing.post(item);
    const [other] = await billing.post({ ...item, face: '6000', charged: '6000' });
    expect(other).toMatchObject({ outcome: 'conflict', reason: 'charged' });
    expect(await billing.balance('13900000001')).toBe('5000');
  });

  test('a frame is answered item by item, in order', async () => {
    const good = await billing.register({ msisdn: '13900000010' });
    const closed = await billing.register({ msisdn: '13900000011', status: 'closed' });
    const items = [
      billing.topup({ subscriberId: closed }),
      billing.topup({ subscriberId: good }),
      billing.topup({ subscriberId: good, face: '90000000', charged: '90000000' }),
      billing.topup({ subscriberId: 'nobody' }),
      billing.topup({ subscriberId: good, branch: HUNAN }),
      billing.topup({ subscriberId: good, ownerVersion: 7 }),
      billing.topup({ subscriberId: good, ownerVersion: 1 }),
      billing.topup({ subscriberId: good, face: '100000000000000000', charged: '0' }),
    ];
    const answers = await billing.post(...items);
    expect(answers.map(({ key }) => key)).toEqual(items.map(({ key }) => key));
    expect(answers.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['rejected', 'number_closed'],
      ['credited', undefined],
      ['rejected', 'amount_above_maximum'],
      ['rejected', 'number_unknown'],
      ['rejected', 'number_owner_changed'],
      ['rejected', 'number_owner_changed'],
      ['credited', undefined],
      ['internal', undefined],
    ]);
    expect(await billing.balance('13900000010')).toBe('10000');
  });

  test('a refusal is kept: the key stays refused when the number is open again', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000020', status: 'suspended' });
    const item = billing.topup({ subscriberId });
    expect((await billing.post(item))[0]).toMatchObject({
      outcome: 'rejected',
      reason: 'number_suspended',
      replay: false,
    });
    await billing.register({ msisdn: '13900000020', status: 'active' });
    expect((await billing.post(item))[0]).toMatchObject({
      outcome: 'rejected',
      reason: 'number_suspended',
      replay: true,
    });
    expect(await billing.facts(item.key)).toMatchObject([{ kind: 'credit_rejected', amount: 5000n }]);
  });

  test('a recycled number: the former owner’s payment is not given to the new one', async () => {
    const former = await billing.register({ msisdn: '13900000030', status: 'closed' });
    const next = await billing.register({ msisdn: '13900000030', name: '李明' });
    expect(next).not.toBe(former);
    const [answer] = await billing.post(billing.topup({ subscriberId: former }));
    expect(answer).toMatchObject({ outcome: 'rejected', reason: 'number_owner_changed' });
    expect(await billing.balance('13900000030')).toBe('0');
  });

  test('void, then the late original: nothing is credited, for ever', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000040' });
    const item = billing.topup({ subscriberId });
    const { provider, branch, acquiringBranch, channel, partner, face } = item;
    const origin = { provider, branch, acquiringBranch, channel, partner, face };
    const gone = await billing.client.call('topups.void', { items: [{ key: item.key, origin }] });
    expect(gone.items[0]).toMatchObject({ outcome: 'voided', replay: false });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'voided' });
    const again = await billing.client.call('topups.void', { items: [{ key: item.key }] });
    expect(again.items[0]).toMatchObject({ outcome: 'voided', replay: true });
    expect(await billing.balance('13900000040')).toBe('0');
    expect(await billing.facts(item.key)).toMatchObject([{ kind: 'credit_voided', provider: 'bank_a', amount: 5000n }]);
  });

  test('a void that comes after the credit is told so', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000050' });
    const item = billing.topup({ subscriberId });
    await billing.post(item);
    const late = await billing.client.call('topups.void', { items: [{ key: item.key }] });
    expect(late.items[0]).toMatchObject({ outcome: 'credited' });
    expect(await billing.balance('13900000050')).toBe('5000');
  });

  test('maintenance: nothing is stored, what was stored is still answered, and the credit comes afterwards', async () => {
    const subscriberId = await billing.register({ msisdn: '13700000001', branch: HUNAN });
    const before = billing.topup({ subscriberId, branch: HUNAN });
    const during = billing.topup({ subscriberId, branch: HUNAN });
    await billing.post(before);
    await setStatus(HUNAN, 'maintenance');
    const answers = await billing.post(before, during);
    expect(answers.map(({ outcome, replay }) => [outcome, replay])).toEqual([
      ['credited', true],
      ['maintenance', false],
    ]);
    const asked = await billing.client.call('topups.query', { items: [{ key: during.key }] });
    expect(asked.items[0]?.outcome).toBe('not_found');
    const looked = await billing.client.call('numbers.lookup', { items: [{ msisdn: '13700000001' }] });
    expect(looked.items[0]?.found?.maintenance).toBe(true);
    await setStatus(HUNAN, 'open');
    expect((await billing.post(during))[0]).toMatchObject({ outcome: 'credited', replay: false });
  });

  test('64 clients at two processes with one key: one credit, 64 equal answers', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000060' });
    const other = await billing.sibling();
    const clients = Array.from({ length: 64 }, (_, n) => (n % 2 === 0 ? billing.connect() : other));
    const items = [billing.topup({ subscriberId })];
    const replies = await Promise.all(clients.map((client) => client.call('topups.post', { items })));
    const answers = replies.flatMap((reply) => reply.items);
    expect(new Set(answers.map(({ outcome, balanceAfter }) => `${outcome} ${balanceAfter}`))).toEqual(
      new Set(['credited 5000']),
    );
    expect(await billing.balance('13900000060')).toBe('5000');
    expect(await billing.facts(items[0]?.key ?? '')).toHaveLength(1);
  });

  test('256 items in one frame, all credited', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000070' });
    const answers = await billing.post(
      ...Array.from({ length: 256 }, () => billing.topup({ subscriberId, face: '1000', charged: '1000' })),
    );
    expect(answers.every(({ outcome }) => outcome === 'credited')).toBe(true);
    expect(await billing.balance('13900000070')).toBe('256000');
  });

  test('a frame out of contract is refused as a whole', async () => {
    const item = billing.topup({ subscriberId: 's', branch: GUANGDONG });
    await expect(billing.post({ ...item, key: 'short' })).rejects.toThrow(/items.0.key/);
    await expect(billing.client.call('topups.query', { items: [] })).rejects.toThrow(/items/);
  });

  test('afterwards the ledger verifies', async () => {
    const { ok, checks } = await billing.client.call('ledger.verify', {});
    expect({ ok, failed: checks.filter((check) => !check.ok) }).toEqual({ ok: true, failed: [] });
    const { branches } = await billing.client.call('ledger.branches', {});
    const hubei = branches.find(({ branch }) => branch === HUBEI);
    expect(hubei?.credits).toBe(hubei?.receivable);
    expect(branches).toHaveLength(31);
  });
});

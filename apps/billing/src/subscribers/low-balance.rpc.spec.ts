import { billingFixture, HUBEI, type BillingFixture } from '../testing/billing-fixture';
import { crosses } from './low-balance';

test.each([
  [5000n, 4999n, true],
  [1000n, 999n, true],
  [999n, 500n, false],
  [4999n, 1000n, false],
  [9000n, 10n, true],
  [900n, -50n, false],
])('from %s to %s: told %s', (before, after, told) => expect(crosses([1000n, 5000n], before, after)).toBe(told));

describe('a balance that we keep', () => {
  let billing: BillingFixture;
  let serial = 0;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const low = async () =>
    (await billing.client.call('subscriber_events.pull', { after: '0', limit: 500 })).events
      .filter(({ kind }) => kind === 'low_balance')
      .map(({ msisdn, subscriberId, balance, source }) => ({ msisdn, subscriberId, balance, source }));
  const holder = async (plan: 'prepaid' | 'postpaid') => {
    const msisdn = `1390017${String(++serial).padStart(4, '0')}`;
    return { msisdn, subscriberId: await billing.register({ msisdn, plan }) };
  };
  const hold = (paymentNo: string, amount: string, key: string) =>
    billing.client.call('holds.place', { items: [{ key, paymentNo, kind: 'refund', amount, currency: 'CNY' }] });

  test('what is taken back tells once that it is low, however often it is asked; above the marks nobody is told', async () => {
    const { msisdn, subscriberId } = await holder('prepaid');
    const credit = billing.topup({ subscriberId, face: '20000' });
    await billing.post(credit);
    await hold(credit.key, '5000', `low-a${serial}`);
    expect(await low()).toEqual([]);
    const asked = await Promise.all([1, 2, 3].map(() => hold(credit.key, '14600', `low-b${serial}`)));
    expect(asked.map(({ items }) => items[0]?.outcome)).toEqual(['held', 'held', 'held']);
    expect(await low()).toEqual([{ msisdn, subscriberId, balance: '400', source: 'ledger' }]);
    expect(await billing.balance(msisdn)).toBe('400');
  });

  test('a bill does so as well', async () => {
    const before = (await low()).length;
    const { msisdn, subscriberId } = await holder('postpaid');
    await billing.post(billing.topup({ subscriberId, face: '6000' }));
    const bill = { period: '2026-10', amount: '5700', currency: 'CNY', dueOn: '2026-11-15', actor: 'bss' } as const;
    const item = { key: `low-${subscriberId}`, subscriberId, branch: HUBEI, ...bill };
    for (const outcome of ['posted', 'posted'])
      expect((await billing.client.call('bills.issue', { items: [item] })).items[0]?.outcome).toBe(outcome);
    expect((await low()).slice(before)).toEqual([{ msisdn, subscriberId, balance: '300', source: 'ledger' }]);
  });

  test('a credit that is taken back by resolution, too; what could not be told leaves the debit as it is', async () => {
    const before = (await low()).length;
    const { msisdn, subscriberId } = await holder('prepaid');
    const credit = billing.topup({ subscriberId, face: '5000' });
    await billing.post(credit);
    const { db } = billing.database;
    const [head] = await db.select<{ last: bigint }>('SELECT last FROM subscriber_event_head');
    await db.run('DELETE FROM subscriber_event_head');
    const reverse = { paymentNo: credit.key, currency: 'CNY', actor: 'checker', reason: 'duplicate' } as const;
    const untold = { ...reverse, key: `brk_u${serial}`, amount: '1000' };
    expect((await billing.client.call('credits.reverse', { items: [untold] })).items[0]?.outcome).toBe('posted');
    await db.run('INSERT INTO subscriber_event_head (id, last) VALUES (1, ?)', [head?.last]);
    expect((await low()).length).toBe(before);
    const told = { ...reverse, key: `brk_t${serial}`, amount: '3800' };
    expect((await billing.client.call('credits.reverse', { items: [told] })).items[0]?.outcome).toBe('posted');
    expect((await low()).slice(before)).toEqual([{ msisdn, subscriberId, balance: '200', source: 'ledger' }]);
  });
});

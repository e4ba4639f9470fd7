import { readFacts } from '@yidian/testing';
import { billingFixture, OPEN_DATE, type BillingFixture } from '../testing/billing-fixture';

describe('the credit book over RPC', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const cut = async (provider: string, date: string) => {
    for (;;) {
      const reply = await billing.client.call('books.cut', { provider, date });
      if (reply.state === 'frozen') return reply;
    }
  };

  test('a credit before the cut is in the book, one after it is in the next; the totals say the same', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000000' });
    const [before, after] = [billing.topup({ subscriberId }), billing.topup({ subscriberId, face: '2000' })];
    await billing.post(before);
    const { vector } = await cut('bank_a', OPEN_DATE);
    await billing.post(after);

    const facts = [];
    for (const { laneId, seq } of vector) {
      const page = await billing.client.call('books.pull', { laneId, after: '0', limit: 5000 });
      facts.push(...readFacts(page).filter((fact) => BigInt(fact.seq) <= BigInt(seq) && fact.bookDate === OPEN_DATE));
    }
    expect(facts.map(({ paymentNo, kind, amount }) => [paymentNo, kind, amount])).toEqual([
      [before.key, 'credited', '5000'],
    ]);
    expect(await billing.client.call('books.totals', { provider: 'bank_a', date: OPEN_DATE })).toEqual({
      totals: [{ kind: 'credited', count: 1, amount: '5000' }],
    });
    expect(await billing.facts(after.key)).toMatchObject([{ bookDate: '2026-11-23' }]);
    expect(await billing.client.call('books.openDate', { provider: 'bank_a' })).toEqual({
      provider: 'bank_a',
      openDate: '2026-11-23',
    });
    expect(await billing.client.call('books.vector', { provider: 'bank_a', date: OPEN_DATE })).toMatchObject({
      state: 'frozen',
      vector,
    });
  });

  test('a provider never seen is cut at once: its book is empty, whatever the date', async () => {
    expect(await cut('bank_new', '2026-11-30')).toMatchObject({ state: 'frozen' });
    expect(await billing.client.call('books.totals', { provider: 'bank_new', date: '2026-11-30' })).toEqual({
      totals: [],
    });
    const { lanes } = await billing.client.call('books.lanes', {});
    expect(lanes.some(({ state }) => state === 'open')).toBe(true);
  });

  test('ready says so', async () => {
    const response = await fetch(billing.healthUrl);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { ok: true, checks: { database: 'ok', durability: 'ok', lane: 'ok' } },
    ]);
  });
});

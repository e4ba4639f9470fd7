import { Timeline } from '../payments';
import { PlayedGateway } from '../testing/played-gateway';
import { DecideReview } from './decide-review';
import { PartnerPace } from './partner-pace';
import { ReviewsStore } from './reviews.store';

describe('how many numbers a partner reaches', () => {
  let gateway: PlayedGateway;
  let serial = 0;
  beforeAll(async () => (gateway = await PlayedGateway.start({ settings: { RISK_NUMBERS_PER_PARTNER: '2' } })));
  afterAll(() => gateway.close());

  const get = <T>(type: abstract new (...args: never[]) => T): T => gateway.app.get<T>(type, { strict: false });
  /** Each order is judged by what stands now, not by what was counted a moment ago. */
  const order = async (funding: object, as: 'demo_shop' | 'demo_bank', number: string) => {
    Reflect.set(get(PartnerPace), 'counted', new Map());
    const key = `pp-${++serial}`;
    const body = { reference: key, number, amount: 1000, currency: 'CNY', funding };
    return (await gateway.call<{ code?: string; state?: string }>('POST', '/v1/payments', body, { key, as })).body;
  };
  const pay = async (number: string, agreement: string) => order({ type: 'agreement', agreement }, 'demo_shop', number);
  const said = async (number: string) =>
    (await get(Timeline).execute(number, null)).entries
      .filter(({ where }) => where === 'risk')
      .map(({ state, what }) => `${state} ${what}`);

  test('one more is held, whoever pays; approved, the partner goes on; what it collects is not counted', async () => {
    const numbers = Array.from({ length: 4 }, (_, n) => `1374111000${n}`);
    for (const number of numbers) gateway.billing.state.addNumber(number);
    const agreements: string[] = [];
    for (const number of numbers) agreements.push(await gateway.agreement(number));
    const [first = '', second = '', third = '', fourth = ''] = numbers;
    const [a = '', b = '', c = '', d = ''] = agreements;
    expect((await pay(first, a)).state).toBe('completed');
    expect((await pay(first, a)).state).toBe('completed');
    expect((await pay(second, b)).state).toBe('completed');
    const asked = gateway.bank.received('/v1/debits').length;
    expect(await pay(third, c)).toMatchObject({ code: 'held_for_review', outcome: 'not_executed' });
    expect((await pay(fourth, d)).code).toBe('held_for_review');
    expect(gateway.bank.received('/v1/debits')).toHaveLength(asked);
    for (const number of [third, fourth])
      expect(await said(number)).toEqual(['held_for_review numbers_per_partner: 2 numbers within an hour']);
    const collected = { type: 'collected', taken_at: new Date().toISOString() };
    for (const number of numbers) expect((await order(collected, 'demo_bank', number)).state).toBe('completed');

    const waiting = await get(ReviewsStore).list('waiting', 10);
    expect(waiting.map(({ rule, payer_masked: partner, asked: times }) => [rule, partner, times])).toEqual([
      ['numbers_per_partner', 'demo_shop', 2],
    ]);
    await get(DecideReview).execute(waiting[0]?.id ?? '', 'approved', 'ops', 'a campaign of theirs');
    expect((await pay(third, c)).state).toBe('completed');
    expect((await pay(fourth, d)).state).toBe('completed');
  });
});

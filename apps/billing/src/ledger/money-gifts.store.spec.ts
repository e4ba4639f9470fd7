import type { Bearer, TopupItem } from '@yidian/contracts';
import { HUBEI, HUNAN } from '../testing/billing-fixture';
import { moneySteps, type MoneySteps, type Moves } from '../testing/money-steps';

const limits = { min: '1000', max: '50000', step: '100' };
const RECEIVABLE = `branch/${HUBEI}/receivable`;
const PROMOTION = `branch/${HUBEI}/promotion`;
const [HELD, HELD_PROMOTION] = [`held/${RECEIVABLE}`, `held/${PROMOTION}`];

/** Rows 9a to 9e: what stands beside the money that was paid, and what becomes of it when the payment is taken back. */
describe('the postings of gifts and discounts', () => {
  let money: MoneySteps;
  let serial = 0;
  beforeAll(async () => (money = await moneySteps()));
  afterAll(() => money.close());

  const gives = (bearer: 'home' | 'hq', bonusRefund: 'forfeit' | 'deduct_cash' | 'refuse' = 'forfeit') =>
    money.policy(HUBEI, {
      ...{ limits, bonusRefund, promotions: [{ name: '充100送10', atLeast: '10000', bonus: '1000', bearer }] },
    });
  const gone = () => money.policy(HUBEI, { limits });

  async function paid(price: Partial<TopupItem> = {}) {
    const subscriberId = await money.register({ msisdn: `1390001${String(++serial).padStart(4, '0')}` });
    const item = money.topup({ subscriberId, face: '10000', ...price });
    const [cash, bonus] = [`subscriber/${subscriberId}/cash`, `subscriber/${subscriberId}/bonus`];
    return { subscriberId, item, no: item.key, cash, bonus };
  }
  type Paid = Awaited<ReturnType<typeof paid>>;
  const credit = async ({ item }: Paid) => {
    const [answer] = await money.post(item);
    expect(answer).toMatchObject({ outcome: 'credited' });
    return answer;
  };
  const kinds = async (key: string) =>
    (
      await money.database.db.select<{ kind: string }>(
        "SELECT kind FROM transfer WHERE k = ? AND kind <> 'guard' ORDER BY kind",
        [key],
      )
    ).map(({ kind }) => kind);

  test('9a a gift of the branch, and one that headquarters bears; the answer keeps it', async () => {
    for (const bearer of ['home', 'hq'] as const) {
      await gives(bearer);
      const one = await paid();
      const moves = { [RECEIVABLE]: -10_000, [one.cash]: 10_000, [PROMOTION]: -1000, [one.bonus]: 1000 };
      await money.step(() => credit(one), moves, { [HUBEI]: [10_000] });
      expect(await kinds(one.no)).toEqual([`bonus_${bearer}`, 'topup']);
      await gone();
      const [again] = await money.post(one.item);
      expect(again).toMatchObject({ bonus: '1000', bonusBearer: bearer, balanceAfter: '10000', replay: true });
      const asked = await money.client.call('topups.query', { items: [{ key: one.no }] });
      expect(asked.items[0]).toMatchObject({ bonus: '1000', bonusBearer: bearer });
      await money.settle(`9a-${bearer}`, HUBEI, 10_000);
    }
    const small = await paid({ face: '9900' });
    expect(await credit(small)).not.toHaveProperty('bonus');
    await money.settle('9a-small', HUBEI, 9900);
  });

  test.each<[string, Bearer, Moves, number]>([
    ['9b headquarters', 'hq', { [RECEIVABLE]: -10_000 }, 10_000],
    ['9c the home branch', 'home', { [RECEIVABLE]: -9800, [PROMOTION]: -200 }, 9800],
    ['9d the provider', 'provider', { [RECEIVABLE]: -10_000 }, 10_000],
    ['9d the partner', 'partner', { [RECEIVABLE]: -10_000 }, 10_000],
  ])('%s bears a discount; half of it is refunded, then the rest', async (_name, bearer, debits, owed) => {
    const one = await paid({ charged: '9800', discounts: [{ bearer, amount: '200' }] });
    await money.step(() => credit(one), { ...debits, [one.cash]: 10_000 }, { [HUBEI]: [owed] });
    expect(await kinds(one.no)).toEqual([`discount_${bearer}`, 'topup']);
    const half = owed / 2;
    const home = 5000 - half;
    const held = { [one.cash]: -5000, [HELD]: half, ...(home > 0 ? { [HELD_PROMOTION]: home } : {}) };
    const place = async () => expect(await money.hold(`${bearer}-1`, one.no, 5000)).toMatchObject({ charged: '4900' });
    await money.step(place, held, { [HUBEI]: [owed] });
    const back = { [HELD]: -half, [RECEIVABLE]: half };
    const homeBack: Moves = home > 0 ? { [HELD_PROMOTION]: -home, [PROMOTION]: home } : {};
    const done = () => money.resolve(`${bearer}-1`, one.no, 'post');
    await money.step(done, { ...back, ...homeBack }, { [HUBEI]: [half] });
    const rest = async () => {
      expect(await money.hold(`${bearer}-2`, one.no, 5000)).toMatchObject({ charged: '4900' });
      await money.resolve(`${bearer}-2`, one.no, 'post');
    };
    const all = { [one.cash]: -5000, [RECEIVABLE]: half, ...(home > 0 ? { [PROMOTION]: home } : {}) };
    await money.step(rest, all, { [HUBEI]: [] });
    expect(await money.hold(`${bearer}-3`, one.no, 1)).toMatchObject({ reason: 'refund_exceeds_paid' });
  });

  test('a price that does not add up is refused, and kept refused', async () => {
    const one = await paid({ charged: '9800' });
    await money.step(() => money.post(one.item), {}, {});
    expect((await money.post(one.item))[0]).toMatchObject({ outcome: 'rejected', reason: 'field_invalid' });
  });

  test('9e refunded with its gift: the unused share goes back; a void puts everything back', async () => {
    await gives('hq');
    const one = await paid();
    await credit(one);
    await money.use(one.bonus, 900);
    const held = { [one.cash]: -5000, [HELD]: 5000, [one.bonus]: -100, [HELD_PROMOTION]: 100 };
    const place = async () => expect(await money.hold('9e', one.no, 5000)).toMatchObject({ bonus: '100' });
    await money.step(place, held, { [HUBEI]: [10_000] });
    const undone = { [one.cash]: 5000, [HELD]: -5000, [one.bonus]: 100, [HELD_PROMOTION]: -100 };
    await money.step(() => money.resolve('9e', one.no, 'void'), undone, { [HUBEI]: [10_000] });
    const whole = async () => {
      expect(await money.hold('9e-all', one.no, 10_000)).toMatchObject({ bonus: '100' });
      await money.resolve('9e-all', one.no, 'post');
    };
    const all = { [one.cash]: -10_000, [RECEIVABLE]: 10_000, [one.bonus]: -100, [PROMOTION]: 100 };
    await money.step(whole, all, { [HUBEI]: [] });
    expect(await kinds('resolve:hold/9e-all')).toEqual(['bonus_hq', 'refund']);
  });

  test('9e the used share out of cash, where the policy says so; as far as it is there', async () => {
    await gives('home', 'deduct_cash');
    const [one, rich] = [await paid(), await paid({ face: '10000' })];
    await credit(one);
    await money.use(one.bonus, 1000);
    const poor = () => money.hold('9e-poor', one.no, 10_000);
    await money.step(poor, {}, { [HUBEI]: [10_000] });
    expect(await poor()).toMatchObject({ outcome: 'rejected', reason: 'refund_exceeds_balance' });
    const half = async () => {
      expect(await money.hold('9e-half', one.no, 5000)).toMatchObject({ charged: '5000', bonus: '500' });
      await money.resolve('9e-half', one.no, 'post');
    };
    const moves = { [one.cash]: -5500, [RECEIVABLE]: 5000, [PROMOTION]: 500 };
    await money.step(half, moves, { [HUBEI]: [5000] });
    const forced = () => money.reverse('res-9e', one.no, 5000);
    await money.step(forced, { [one.cash]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
    await credit(rich);
    await money.use(rich.bonus, 400);
    await money.settle('9e-rich', HUBEI, 10_000);
    const reversed = () => money.reverse('res-9e-rich', rich.no, 5000);
    const gift = { [rich.bonus]: -500, [PROMOTION]: 500 };
    await money.step(reversed, { [rich.cash]: -5000, [RECEIVABLE]: 5000, ...gift }, { [HUBEI]: [-5000] });
    await money.settle('9e-rich-back', HUBEI, -5000);
  });

  test('9e a branch that refunds only with the gift', async () => {
    await gives('home', 'refuse');
    const one = await paid();
    await credit(one);
    await gives('home', 'forfeit'); // what was agreed when the gift was given counts
    await money.use(one.bonus, 600);
    const all = () => money.hold('9e-no', one.no, 10_000);
    await money.step(all, {}, { [HUBEI]: [10_000] });
    expect(await all()).toMatchObject({ outcome: 'rejected', reason: 'bonus_used' });
    const part = () => money.hold('9e-part', one.no, 4000);
    const held = { [one.cash]: -4000, [HELD]: 4000, [one.bonus]: -400, [HELD_PROMOTION]: 400 };
    await money.step(part, held, { [HUBEI]: [10_000] });
    await money.resolve('9e-part', one.no, 'void');
    await money.settle('9e-no', HUBEI, 10_000);
    await gone();
  });

  test('15 with a discount and a gift: every part moves to the right branch', async () => {
    await gives('home');
    const one = await paid({ charged: '9700', discounts: [{ bearer: 'home', amount: '300' }] });
    await credit(one);
    await money.use(one.bonus, 250);
    const right = await money.register({ msisdn: '13700000002', branch: HUNAN });
    const wanted = { key: 'res-15g', paymentNo: one.no, currency: 'CNY' as const, reason: 'wrong', actor: 'clerk.b' };
    const move = () =>
      money.client.call('credits.move', { items: [{ ...wanted, to: { subscriberId: right, branch: HUNAN } }] });
    const from = { [one.cash]: -10_000, [RECEIVABLE]: 9700, [PROMOTION]: 300 + 750, [one.bonus]: -750 };
    const to = {
      ...{ [`subscriber/${right}/cash`]: 10_000, [`branch/${HUNAN}/receivable`]: -9700 },
      ...{ [`branch/${HUNAN}/promotion`]: -300 - 750, [`subscriber/${right}/bonus`]: 750 },
    };
    await money.step(move, { ...from, ...to }, { [HUBEI]: [], [HUNAN]: [9700] });
    expect((await money.facts(one.no)).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['credited', 10_000n],
      ['credit_reversed', 10_000n],
      ['credited', 10_000n],
    ]);
    await gone();
  });
});

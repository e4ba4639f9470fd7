import { HUBEI, HUNAN } from '../testing/billing-fixture';
import { moneySteps, type MoneySteps } from '../testing/money-steps';

const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;
const LOSS = `branch/${HUBEI}/loss`;
const HELD = `held/${RECEIVABLE}`;

/** The service ledger's side of every flow, moment by moment; rows whose side is empty move nothing here. */
describe('the postings of flows, row by row', () => {
  let money: MoneySteps;
  let serial = 0;
  beforeAll(async () => (money = await moneySteps()));
  afterAll(() => money.close());

  /** A number of Hubei, one payment of 50 yuan to it, and their accounts. */
  async function paid(msisdn = `1390000${String(++serial).padStart(4, '0')}`) {
    const subscriberId = await money.register({ msisdn });
    const item = money.topup({ subscriberId });
    return { msisdn, subscriberId, item, no: item.key, cash: `subscriber/${subscriberId}/cash` };
  }
  const credit = async (one: Awaited<ReturnType<typeof paid>>) => {
    expect((await money.post(one.item))[0]).toMatchObject({ outcome: 'credited' });
  };
  /** … and what was left on its account has left it. */
  async function close({ msisdn, cash }: { msisdn: string; cash: string }): Promise<void> {
    await money.register({ msisdn, status: 'closed' });
    for (let tries = 0; (await money.balances())[cash] !== undefined && tries < 100; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const usage = (subscriberId: string, amount: number) =>
    money.client.call('bills.issue', {
      items: [
        {
          ...{ key: `u-${subscriberId}`, subscriberId, branch: HUBEI, period: '2026-10', amount: String(amount) },
          ...{ currency: 'CNY', dueOn: '2026-11-15', actor: 'bss' },
        },
      ],
    });

  test('1 credited; settled', async () => {
    const one = await paid();
    await money.step(() => credit(one), { [RECEIVABLE]: -5000, [one.cash]: 5000 }, { [HUBEI]: [5000] });
    await money.step(() => money.settle('1b', HUBEI, 5000), { [SETTLED]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
    // 18: the same run again has the same keys; another run takes the old batch back first.
    await money.step(() => money.settle('1b', HUBEI, 5000), {}, { [HUBEI]: [] });
    const back = () => money.settle('1b-reversed', HUBEI, -5000);
    await money.step(back, { [SETTLED]: 5000, [RECEIVABLE]: -5000 }, { [HUBEI]: [5000] });
    const again = () => money.settle('1b-again', HUBEI, 5000);
    await money.step(again, { [SETTLED]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
  });

  test('2 reversed the same day: held, then done; or held, then refused', async () => {
    const one = await paid();
    await credit(one);
    const place = (key: string) => money.hold(key, one.no, 5000, 'reversal');
    const held = { [one.cash]: -5000, [HELD]: 5000 };
    await money.step(() => place('2a'), held, { [HUBEI]: [5000] });
    const refused = () => money.resolve('2a', one.no, 'void');
    await money.step(refused, { [HELD]: -5000, [one.cash]: 5000 }, { [HUBEI]: [5000] });
    await money.step(() => place('2a-2'), held, { [HUBEI]: [5000] });
    const done = () => money.resolve('2a-2', one.no, 'post');
    await money.step(done, { [HELD]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
  });

  test('3 a partial refund after settlement, by the provider or by bank transfer; it failed for good', async () => {
    const one = await paid();
    await credit(one);
    await money.settle('3', HUBEI, 5000);
    const held = { [one.cash]: -2000, [HELD]: 2000 };
    await money.step(() => money.hold('3a', one.no, 2000), held, { [HUBEI]: [] });
    const done = () => money.resolve('3a', one.no, 'post');
    await money.step(done, { [HELD]: -2000, [RECEIVABLE]: 2000 }, { [HUBEI]: [-2000] });
    const line = () => money.settle('3c', HUBEI, -2000);
    await money.step(line, { [RECEIVABLE]: -2000, [SETTLED]: 2000 }, { [HUBEI]: [] });
    await money.hold('3b', one.no, 1000);
    const failed = () => money.resolve('3b', one.no, 'void');
    await money.step(failed, { [HELD]: -1000, [one.cash]: 1000 }, { [HUBEI]: [] });
    await money.hold('3d', one.no, 1000);
    const transferred = () => money.resolve('3d', one.no, 'post');
    await money.step(transferred, { [HELD]: -1000, [RECEIVABLE]: 1000 }, { [HUBEI]: [-1000] });
    const sent = () => money.settle('3d', HUBEI, -1000);
    await money.step(sent, { [RECEIVABLE]: -1000, [SETTLED]: 1000 }, { [HUBEI]: [] });
  });

  test('4 and 5 late success credited after all; a second payment of the same order credits nothing', async () => {
    const one = await paid();
    await money.step(() => credit(one), { [RECEIVABLE]: -5000, [one.cash]: 5000 }, { [HUBEI]: [5000] });
    await money.step(() => credit(one), {}, { [HUBEI]: [5000] });
    await money.step(() => money.settle('4b', HUBEI, 5000), { [SETTLED]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
    const given = money.topup({ subscriberId: one.subscriberId });
    const giveUp = () => money.client.call('topups.void', { items: [{ key: given.key }] });
    await money.step(giveUp, {}, { [HUBEI]: [] });
    await money.step(() => money.post(given), {}, { [HUBEI]: [] });
  });

  test('6b a return resolved by taking the credit back: into arrears, or at the loss of the branch', async () => {
    const one = await paid();
    await credit(one);
    await money.settle('6', HUBEI, 5000);
    const forced = () => money.reverse('res-6b', one.no, 3000);
    await money.step(forced, { [one.cash]: -3000, [RECEIVABLE]: 3000 }, { [HUBEI]: [-3000] });
    const settled = () => money.settle('6b', HUBEI, -3000);
    await money.step(settled, { [RECEIVABLE]: -3000, [SETTLED]: 3000 }, { [HUBEI]: [] });
    await close(one);
    const ofClosed = () => money.reverse('res-6b-2', one.no, 2000);
    await money.step(ofClosed, { [LOSS]: -2000, [RECEIVABLE]: 2000 }, { [HUBEI]: [-2000] });
    await money.settle('6b-2', HUBEI, -2000);
  });

  test('6b past the balance: what was spent is owed', async () => {
    const one = await paid();
    await money.register({ msisdn: one.msisdn, plan: 'postpaid' });
    await credit(one);
    await usage(one.subscriberId, 4000);
    const forced = () => money.reverse('res-6c', one.no, 5000);
    await money.step(forced, { [one.cash]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
    expect(await money.balance(one.msisdn)).toBe('-4000');
  });

  test('8a collected by a partner: the same as any credit', async () => {
    const one = await paid();
    const collected = { ...one, item: { ...one.item, provider: 'demo_bank', partner: 'demo_bank' } };
    const moves = { [RECEIVABLE]: -5000, [one.cash]: 5000 };
    await money.step(() => credit(collected), moves, { [HUBEI]: [5000] });
    await money.step(() => money.settle('8a', HUBEI, 5000), { [SETTLED]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
  });

  const writeOff = async (key: string, paymentNo: string, amount: string) =>
    (
      await money.client.call('credits.writeOff', {
        items: [{ key, paymentNo, amount, currency: 'CNY', reason: 'never had it', actor: 'clerk.b' }],
      })
    ).items[0];

  test('13 a short: conceded, taken back, written off by headquarters or by the branch', async () => {
    const [conceded, taken, hq, branch] = [await paid(), await paid(), await paid(), await paid()];
    for (const one of [conceded, taken, hq, branch]) await credit(one);
    const toSettled = { [SETTLED]: -5000, [RECEIVABLE]: 5000 };
    await money.step(() => money.settle('13a', HUBEI, 5000), toSettled, { [HUBEI]: [5000, 5000, 5000] });
    const back = () => money.reverse('res-13b', taken.no, 5000);
    await money.step(back, { [taken.cash]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [5000, 5000] });
    await money.step(() => money.settle('13c', HUBEI, 5000), toSettled, { [HUBEI]: [5000] });
    const atLoss = () => writeOff('res-13d', branch.no, '5000');
    await money.step(atLoss, { [LOSS]: -5000, [RECEIVABLE]: 5000 }, { [HUBEI]: [] });
    await money.step(atLoss, {}, { [HUBEI]: [] });
    expect(await writeOff('res-13e', branch.no, '1')).toMatchObject({ reason: 'refund_exceeds_paid' });
    expect(await writeOff('res-13f', '26112299999999999999', '1')).toMatchObject({ reason: 'not_found' });
  });

  test('15 credited to the wrong branch, settled already: moved once, takebacks follow it', async () => {
    const one = await paid();
    await credit(one);
    await money.settle('15', HUBEI, 5000);
    await money.hold('15-refund', one.no, 1000);
    await money.resolve('15-refund', one.no, 'post');
    await money.settle('15-refund', HUBEI, -1000);
    const right = await money.register({ msisdn: '13700000001', branch: HUNAN });
    const [cash, receivable] = [`subscriber/${right}/cash`, `branch/${HUNAN}/receivable`];
    const wanted = { paymentNo: one.no, currency: 'CNY' as const, reason: 'wrong branch', actor: 'clerk.b' };
    const move = async (key: string) =>
      (
        await money.client.call('credits.move', {
          items: [{ ...wanted, key, to: { subscriberId: right, branch: HUNAN } }],
        })
      ).items[0];
    const moves = { [one.cash]: -4000, [RECEIVABLE]: 4000, [receivable]: -4000, [cash]: 4000 };
    await money.step(() => move('res-15'), moves, { [HUBEI]: [-4000], [HUNAN]: [4000] });
    await money.step(() => move('res-15'), {}, { [HUBEI]: [-4000], [HUNAN]: [4000] });
    expect(await move('res-15-again')).toMatchObject({ outcome: 'conflict', reason: 'resolution' });
    const given = () => money.settle('15-hb', HUBEI, -4000);
    await money.step(given, { [RECEIVABLE]: -4000, [SETTLED]: 4000 }, { [HUBEI]: [], [HUNAN]: [4000] });
    const taken = () => money.settle('15-hn', HUNAN, 4000);
    await money.step(taken, { [`branch/${HUNAN}/settled`]: -4000, [receivable]: 4000 }, { [HUNAN]: [] });
    await money.hold('15-later', one.no, 4000);
    const refund = () => money.resolve('15-later', one.no, 'post');
    await money.step(refund, { [`held/${receivable}`]: -4000, [receivable]: 4000 }, { [HUNAN]: [-4000] });
    expect(await money.hold('15-more', one.no, 1)).toMatchObject({ reason: 'refund_exceeds_paid' });
  });

  test('16 closed with a balance: nobody’s cash waits to be claimed', async () => {
    const one = await paid();
    await credit(one);
    await money.settle('16', HUBEI, 5000);
    await money.step(() => close(one), { [one.cash]: -5000, [`branch/${HUBEI}/unclaimed`]: 5000 }, { [HUBEI]: [] });
  });
});

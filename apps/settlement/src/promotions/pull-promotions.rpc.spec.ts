import type { PromotionsReply } from '@yidian/contracts';
import { shanghaiDate } from '../calendar/working-days';
import { ResumeBatchesJob } from '../provider-days/resume-batches.job';
import { DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { PullPromotions } from './pull-promotions';

type Stretch = PromotionsReply['stretches'][number];

/** What headquarters bears, told by billing's lanes and posted with the night's step. */
describe('gifts and discounts that headquarters bears', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture();
  });
  afterAll(() => fixture.close());

  const pull = () => fixture.running.app.get(PullPromotions, { strict: false }).execute();
  const gift = (amount: string, branch = HUBEI, date = DAY) => ({
    ...{ branch, kind: 'gift' as const, paymentNo: '', date, amount },
  });
  const discount = (amount: string, n: number, date = DAY) => ({
    ...{ branch: HUBEI, kind: 'discount' as const, paymentNo: paymentNo(n), date, amount },
  });
  const tell = (lane: number, after: string, to: string, promotions: Stretch['promotions']) =>
    fixture.world.promotions.push({ lane, after, to, promotions });
  const due = async (branch = HUBEI) => BigInt((await fixture.balances())[`due/${branch}`] ?? '0');
  const days = async () =>
    (
      await fixture.database.db.select<{ day: string }>(
        "SELECT DISTINCT day FROM settlement_batch WHERE run_id LIKE 'promotions/%' ORDER BY day",
      )
    ).map(({ day }) => day);

  test('the night’s step posts them once; a discount is its payment’s principal, a gift is not', async () => {
    tell(1, '0', '7', [discount('200', 1), gift('1000')]);
    tell(2, '0', '3', [gift('500', GUANGDONG)]);
    fixture.world.credits.set(HUBEI, 5000n + 200n);
    const before = await due(GUANGDONG);
    await fixture.settle('r1', [matchedItem('a', { fee: '0' })]);
    await fixture.assertInvariants();
    expect(await fixture.balances()).toMatchObject({ 'hq/promotion': '-1700' });
    expect(await due(GUANGDONG)).toBeGreaterThanOrEqual(before + 500n);
    expect(fixture.world.settledOf(HUBEI)).toBe(5200n);
    const listed = [...fixture.world.settledItems.values()].flatMap(({ items }) => items);
    expect(listed).toContainEqual(expect.objectContaining({ paymentNo: paymentNo(1), amount: '200' }));
    const balances = await fixture.balances();
    await fixture.settle('r1');
    expect([await pull(), await fixture.balances()]).toEqual([true, balances]);
  });

  test('two that pull at once, and one that starts again, take a stretch once', async () => {
    tell(1, '7', '9', [gift('-300')]);
    const before = await due();
    expect(await Promise.all([pull(), pull()])).toEqual([true, true]);
    await fixture.restart();
    expect(await pull()).toBe(true);
    expect((await due()) - before).toBe(-300n);
    await fixture.assertInvariants();
  });

  test('a movement that was planned and not posted is posted by the sweep, once', async () => {
    tell(3, '0', '1', [gift('40')]);
    const before = await due();
    await pull();
    const db = fixture.database.db;
    const [batch] = await db.select<{ batch_id: string }>(
      "SELECT batch_id FROM settlement_batch WHERE run_id LIKE 'promotions/3/%'",
    );
    await db.run("UPDATE settlement_batch SET state = 'posting' WHERE batch_id = ?", [batch?.batch_id]);
    await fixture.restart();
    await fixture.running.app.get(ResumeBatchesJob, { strict: false }).pass(new Date(Date.now() + 1_000));
    expect((await due()) - before).toBe(40n);
    await fixture.assertInvariants();
  });

  test('of a date that is signed off they count for today: what was told stands', async () => {
    expect(await days()).toEqual([DAY]);
    fixture.world.signedDates.add(DAY);
    tell(1, '9', '10', [gift('70')]);
    await pull();
    expect(await days()).toEqual([DAY, shanghaiDate(new Date())].sort());
    await fixture.assertInvariants();
  });

  test('a billing that does not answer holds no provider-day up, but the month waits for it', async () => {
    fixture.world.promotionsSilent = true;
    tell(1, '10', '11', [gift('5')]);
    const before = await due();
    await fixture.settle('r5', [matchedItem('e', { paymentNo: paymentNo(5), fee: '0' })], '2026-11-30');
    const month = await fixture.client.call('months.run', { month: '2026-10', actor: 'maker', missing: [] });
    expect(month.steps[0]).toMatchObject({ state: 'blocked', detail: 'gifts and discounts not told by billing' });
    fixture.world.promotionsSilent = false;
    await pull();
    expect((await due()) - before).toBeGreaterThan(5n);
    fixture.world.credits.set(HUBEI, 10_200n);
    await fixture.assertInvariants();
  });
});

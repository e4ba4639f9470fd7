import { shanghaiDate } from '../calendar/working-days';
import { plan, schedule } from '../testing/contracts';
import { GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { MonthLinesStore } from './month-lines.store';

const MONTH = '2026-10';
const [D1, D2] = ['2026-10-22', '2026-10-23'];

/** To 10,000 fen the first rate, all of it at the second from there on. */
const tiers = (ppm: bigint, better: bigint) => [
  { from: 0n, ppm },
  { from: 10_000n, ppm: better },
];
const level = (party: string, ppm: bigint, better: bigint) => ({
  ...{ earner: 'party' as const, party, ppm, tiers: tiers(ppm, better) },
});

/** One provider with three prices: by tier (sms), billed by the month (portal), rounded with the day (partner_api). */
describe('a month of a provider that prices by tier, bills by the month and rounds by the day', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture({
      schedules: [
        schedule({ id: 'tiered', channel: 'sms', tiers: tiers(6000n, 3000n), tierMode: 'retroactive' }),
        schedule({ id: 'billed', channel: 'portal', collection: 'invoiced' }),
        schedule({ id: 'daily', channel: 'partner_api', ppm: 3800n, roundPer: 'day' }),
      ],
      plans: [
        plan({
          ...{ id: 'agents', channel: 'sms', tierMode: 'retroactive', taxPpm: 60_000n },
          levels: [level('shop', 3000n, 4000n), level('city', 5000n, 7000n)],
        }),
      ],
    });
  });
  afterAll(() => fixture.close());

  const item = (id: string, n: number, amount: string, fee: string, given: Parameters<typeof matchedItem>[1] = {}) =>
    matchedItem(id, { paymentNo: paymentNo(n), amount, fee, ...given });
  const rounded = (id: string, n: number, fee: string) => item(id, n, '100', fee, { channel: 'partner_api' });
  const bought = [item('a', 1, '12000', '72'), item('b', 2, '8000', '48', { branch: GUANGDONG })];
  const billed = item('c', 3, '10000', '0', { channel: 'portal' });
  const refund = item('r', 2, '-2000', '0', { kind: 'refund', branch: GUANGDONG, refNo: 'R1' });
  const run = () => fixture.client.call('months.run', { month: MONTH, actor: 'maker', missing: [] });
  const told = (
    figures: { step: number; party: string; name: string; amount: string }[],
    step: number,
    party: string,
  ) =>
    Object.fromEntries(
      figures.filter((one) => one.step === step && one.party === party).map((one) => [one.name, one.amount]),
    );

  test('the night: 0.38 + 0.38 + 0.38 are 1 fen, which the lowest attempt bears, in whatever page it comes', async () => {
    fixture.world.pageSize = 2;
    const day = [rounded('g', 4, '1'), rounded('e', 5, '0'), rounded('f', 6, '0')];
    expect(await fixture.settle('run-1', [...bought, billed, ...day], D1)).toMatchObject({
      ...{ principal: '30300', fees: '181', suspense: '0' },
    });
    const fees = await fixture.database.db.select<{ id: string; fee: bigint }>(
      `SELECT item_id AS id, fee FROM settled_item WHERE schedule_id = 'daily' ORDER BY item_id`,
    );
    expect(fees.map(({ id, fee }) => `${id} ${fee}`)).toEqual(['e 0', 'f 0', 'g 1']);
    await fixture.assertInvariants();
  });

  test('a fourth of them makes 1.52: the day again is 2 fen, and the old one goes back leg by leg', async () => {
    const day = [rounded('g', 4, '1'), rounded('e', 5, '1'), rounded('f', 6, '0'), rounded('h', 7, '0')];
    expect(await fixture.settle('run-2', [...bought, billed, ...day], D1)).toMatchObject({
      fees: '182',
      suspense: '0',
    });
    await fixture.assertInvariants();
    expect(await fixture.settle('run-2', undefined, D1)).toMatchObject({ replay: true, fees: '182' });
  });

  test('a refund of a tiered payment: its provisional rates claw, whatever tier the month has reached', async () => {
    expect(await fixture.settle('run-3', [refund], D2)).toMatchObject({ fees: '0', commissions: '-10' });
    expect(await fixture.balances()).toMatchObject({ 'payable/shop': '54', 'payable/city': '36' });
    await fixture.assertInvariants();
  });

  test('without the provider’s bill the month stops at its third step, and nothing behind it is done', async () => {
    const stopped = await run();
    expect(stopped.steps.map(({ state }) => state)).toEqual(['done', 'done', 'blocked', ...Array(8).fill('waiting')]);
    expect(stopped.steps[2]).toMatchObject({ name: 'provider_invoices', detail: 'no invoice yet: bank_a' });
    const before = await fixture.balances();
    expect(await run()).toMatchObject({ state: 'closing' });
    expect(await fixture.balances()).toEqual(before);
  });

  test('with it: bill compared, fees trued up, then the cascade’s top level and the one below it', async () => {
    await fixture.client.call('invoices.enter', {
      ...{ provider: 'bank_a', month: MONTH, number: 'F-1', amount: '61', actor: 'clerk' },
    });
    const { steps, figures } = await run();
    expect(steps.slice(0, 8).map(({ state }) => state)).toEqual(Array(8).fill('done'));
    expect(told(figures, 3, 'bank_a')).toEqual({ contract: '60', invoiced: '61', difference: '1' });
    // 18,000 at 0.30 % are 54; 72 + 48 were kept back, and the refund gave nothing of it.
    expect(told(figures, 4, 'payable/bank_a')).toEqual({ [HUBEI]: '-44', [GUANGDONG]: '-22' });
    // 0.7 % less 0.4 % of 18,000 are 54, 36 were given; 0.4 % are 72, 54 were given.
    expect(told(figures, 5, 'payable/city')).toEqual({ [HUBEI]: '12', [GUANGDONG]: '6' });
    expect(told(figures, 5, 'payable/shop')).toEqual({ [HUBEI]: '12', [GUANGDONG]: '6' });
    expect(told(figures, 6, 'payable/shop')).toMatchObject({ earned: '60', clawed: '6', trueUp: '18', payable: '72' });
    expect(told(figures, 7, 'payable/shop')).toEqual({ net: '68', tax: '4' });
    expect(await fixture.balances()).toEqual({
      ...{ 'clearing/bank_a': '-28278', 'payable/bank_a': '-6', 'payable/city': '54', 'payable/shop': '72' },
      ...{ [`due/${HUBEI}`]: '22226', [`due/${GUANGDONG}`]: '5932' },
    });
    await fixture.assertInvariants();
  });

  test('the next month begins at the tier this one reached, for the fee and for each level', async () => {
    fixture.world.pageSize = 1000;
    const reply = await fixture.settle('run-4', [item('z', 9, '5000', '15')], '2026-11-01');
    expect(reply).toMatchObject({ fees: '15', commissions: '35', suspense: '0' });
    expect(await fixture.balances()).toMatchObject({
      'payable/city': String(54 + 15),
      'payable/shop': String(72 + 20),
    });
    await fixture.assertInvariants();
  });

  test('a line that was resolved late counts in the month that carried it out, not in its own', async () => {
    const volumes = async (month: string) => {
      const lines = await fixture.running.app.get(MonthLinesStore, { strict: false }).of(month);
      return lines.filter(({ charged }) => charged === 7000n).map(({ scheduleId, count }) => `${scheduleId} ${count}`);
    };
    const [day, now] = ['2026-09-10', shanghaiDate(new Date()).slice(0, 7)];
    await fixture.settle('run-5', [item('late', 8, '7000', '42', { matched: false, class: 'late_success' })], day);
    expect([await volumes('2026-09'), await volumes(now)]).toEqual([[], []]);
    const credit = { key: 'k', itemId: 'late', date: day, paymentNo: paymentNo(8), amount: '7000' };
    expect(await fixture.resolve(credit)).toBe('posted');
    expect([await volumes('2026-09'), await volumes(now)]).toEqual([[], ['tiered 1']]);
    await fixture.assertInvariants();
  });
});

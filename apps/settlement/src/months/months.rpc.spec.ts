import { shanghaiDate } from '../calendar/working-days';
import { plan, schedule } from '../testing/contracts';
import { matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';
import { CloseMonth } from './close-month';

const MONTH = '2026-10';
const DATE = '2026-10-22';
const TIERS = [
  { from: 0n, ppm: 6000n },
  { from: 10_000n, ppm: 3000n },
];

describe('the end of a month', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture({
      schedules: [schedule({ tiers: TIERS, tierMode: 'retroactive' })],
      plans: [plan({ taxPpm: 60_000n })],
    });
    const second = matchedItem('b', { paymentNo: paymentNo(2), amount: '10000', fee: '60' });
    await fixture.settle('r1', [matchedItem('a'), second], DATE);
  });
  afterAll(() => fixture.close());

  const run = (missing: string[] = []) => fixture.client.call('months.run', { month: MONTH, actor: 'maker', missing });
  const sign = (actor: string) => fixture.client.call('months.signOff', { month: MONTH, actor });
  const amount = (figures: { name: string; party: string; amount: string }[], party: string, name: string) =>
    figures.find((one) => one.party === party && one.name === name)?.amount;

  test('a month that is not over is not closed, not even begun', async () => {
    const month = shanghaiDate(new Date()).slice(0, 7);
    const close = fixture.client.call('months.run', { month, actor: 'maker', missing: [] });
    await expect(close).rejects.toMatchObject({ cause: { code: 'month_not_over' } });
    expect(await fixture.client.call('months.status', { month })).toMatchObject({ state: 'open', figures: [] });
    const lastEvening = new Date('2026-10-31T15:59:59Z');
    const early = fixture.running.app
      .get(CloseMonth, { strict: false })
      .execute({ month: MONTH, actor: 'maker', missing: [] }, lastEvening);
    await expect(early).rejects.toMatchObject({ code: 'month_not_over', message: '2026-10-31 is not over' });
    expect(await fixture.client.call('months.status', { month: MONTH })).toMatchObject({ state: 'open' });
  });

  test('stops at a provider whose last day is not settled, and goes on when a person names it', async () => {
    fixture.world.lastDay = 'matched';
    const stopped = await run();
    expect(stopped.steps[0]).toMatchObject({ state: 'blocked', detail: 'not settled: bank_a' });
    expect(stopped.steps[3]?.state).toBe('waiting');
    await expect(sign('checker')).rejects.toThrow(/closing/);
    const on = await run(['bank_a']);
    expect(on.steps.slice(0, 8).map(({ state }) => state)).toEqual(Array(8).fill('done'));
  });

  test('the true-up is posted once, and every figure is a row', async () => {
    const { figures } = await run();
    expect(amount(figures, 'payable/bank_a', '420000')).toBe('-45');
    expect(amount(figures, 'due/440000', 'payable')).toBe('75');
    expect([amount(figures, 'due/440000', 'net'), amount(figures, 'due/440000', 'tax')]).toEqual(['71', '4']);
    const balances = await fixture.balances();
    expect(balances).toMatchObject({ 'payable/bank_a': '-45', 'due/420000': '14880', 'due/440000': '75' });
    await fixture.assertInvariants();
  });

  test('a day of a month that is trued up is not settled from other inputs any more', () =>
    expect(fixture.settle('r2', [matchedItem('a')], DATE)).rejects.toThrow(/trued up/));

  test('waits for every party’s word; then another person signs off, on a trial balance that adds up', async () => {
    const waiting = await run();
    expect(waiting.steps[8]).toMatchObject({ state: 'blocked' });
    const open = (waiting.steps[8]?.detail ?? '').replace('not confirmed: ', '').split(', ');
    for (const party of open)
      await fixture.client.call('party_statements.decide', {
        ...{ party, period: MONTH, version: 1, decision: 'confirm', reason: '', actor: 'party' },
      });
    expect(await run()).toMatchObject({ state: 'closed' });
    await expect(sign('maker')).rejects.toThrow();
    await fixture.assertInvariants();
    const signed = await sign('checker');
    expect(signed).toMatchObject({ state: 'signed_off', signedBy: 'checker', proposedBy: 'maker' });
    expect(signed.trialBalance.reduce((sum, { balance }) => sum + BigInt(balance), 0n)).toBe(0n);
    expect(signed.trialBalance.length).toBeGreaterThan(2);
    expect(await sign('checker')).toEqual(signed);
    await expect(run()).rejects.toThrow(/signed off/);
  });

  test('next month’s provisional rate is that of the tier this month reached, whatever comes in it', async () => {
    const quote = async () => {
      const items = [{ provider: 'bank_a', date: '2026-11-01', amount: '5000', channel: 'sms' }];
      return (await fixture.client.call('fees.quote', { items })).items[0]?.fee;
    };
    expect(await quote()).toBe('15');
    await fixture.settle('d1', [matchedItem('z', { paymentNo: paymentNo(3), fee: '15' })], '2026-11-01');
    expect(await quote()).toBe('15');
    await fixture.assertInvariants();
  });

  test('an invoice counts once; another amount under its number is refused', async () => {
    const enter = (sum: string) =>
      fixture.client.call('invoices.enter', {
        ...{ provider: 'bank_a', month: '2026-12', number: 'F-1', amount: sum, actor: 'clerk' },
      });
    expect([await enter('15'), await enter('15')]).toEqual([{ replay: false }, { replay: true }]);
    await expect(enter('16')).rejects.toThrow(/another amount/);
  });
});

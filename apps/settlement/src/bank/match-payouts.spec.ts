import fc from 'fast-check';
import { WorkingDays } from '../calendar/working-days';
import { matchPayouts, type ExpectedDate, type Paid } from './match-payouts';

const days = new WorkingDays();
const date = (day: string, amount: bigint, lag = 1): ExpectedDate => ({
  date: day,
  dueDay: days.after(day, lag),
  amount,
});
const entry = (entryId: string, valueDay: string, amount: bigint): Paid => ({ entryId, valueDay, amount });
const shown = (expected: ExpectedDate[], paid: Paid[], asOf: string) =>
  matchPayouts(expected, paid, asOf).map((group) => [
    group.class,
    group.dates.map((one) => one.date.slice(5)).join(' '),
    group.entries.map((one) => one.entryId).join(' '),
    group.difference,
  ]);

describe('payouts of providers', () => {
  test('one date, one payout', () => {
    expect(shown([date('2026-11-24', 4970n)], [entry('a', '2026-11-25', 4970n)], '2026-11-26')).toEqual([
      ['matched', '11-24', 'a', 0n],
    ]);
  });

  test('a weekend: three dates, one payout on Monday', () => {
    const dates = [date('2026-11-27', 100n), date('2026-11-28', 200n), date('2026-11-29', 300n)];
    expect(dates.map(({ dueDay }) => dueDay)).toEqual(['2026-11-30', '2026-11-30', '2026-11-30']);
    expect(shown(dates, [entry('a', '2026-11-30', 600n)], '2026-12-01')).toEqual([
      ['matched', '11-27 11-28 11-29', 'a', 0n],
    ]);
  });

  test('the National Day week: eight dates come on 8 October, in two payouts', () => {
    const dates = Array.from({ length: 8 }, (_, n) => date(`2026-${n === 0 ? '09-30' : `10-0${n}`}`, BigInt(100 + n)));
    expect(new Set(dates.map(({ dueDay }) => dueDay))).toEqual(new Set(['2026-10-08']));
    const paid = [entry('a', '2026-10-08', 510n), entry('b', '2026-10-08', 318n)];
    const groups = matchPayouts(dates, paid, '2026-10-09');
    expect(groups.map((group) => [group.class, group.difference])).toEqual([
      ['matched', 0n],
      ['matched', 0n],
    ]);
  });

  test('short by 70 (row 1e): named on its date, the next date is matched', () => {
    const dates = [date('2026-11-23', 4970n), date('2026-11-24', 1000n)];
    const paid = [entry('a', '2026-11-24', 4900n), entry('b', '2026-11-25', 1000n)];
    expect(shown(dates, paid, '2026-11-26')).toEqual([
      ['payout_short', '11-23', 'a', -70n],
      ['matched', '11-24', 'b', 0n],
    ]);
    expect(shown(dates, [...paid, entry('c', '2026-11-27', 70n)], '2026-11-27')).toEqual([
      ['matched', '11-23 11-24', 'a b c', 0n],
    ]);
  });

  test('over, missing, not due yet, nobody’s', () => {
    const dates = [date('2026-11-23', 4970n), date('2026-11-24', 1000n), date('2026-11-25', 500n)];
    expect(shown(dates, [entry('a', '2026-11-24', 5000n)], '2026-11-25')).toEqual([
      ['payout_over', '11-23', 'a', 30n],
      ['payout_missing', '11-24', '', -1000n],
      ['not_due', '11-25', '', 0n],
    ]);
    expect(shown([], [entry('x', '2026-11-24', 7n)], '2026-11-25')).toEqual([['payout_unknown', '', 'x', 7n]]);
  });

  test('taken back: the date waits for a new payout, and gets it', () => {
    const dates = [date('2026-11-23', 4970n)];
    const back = [entry('a', '2026-11-24', 4970n), entry('b', '2026-11-25', -4970n)];
    expect(shown(dates, back, '2026-11-25')).toEqual([
      ['payout_returned', '', 'a b', 0n],
      ['payout_missing', '11-23', '', -4970n],
    ]);
    expect(shown(dates, [...back, entry('c', '2026-11-26', 4970n)], '2026-11-26')).toEqual([
      ['payout_returned', '', 'a b', 0n],
      ['matched', '11-23', 'c', 0n],
    ]);
  });

  test('a date of refunds is taken off the next payout', () => {
    const dates = [date('2026-11-23', -30n), date('2026-11-24', 1000n)];
    expect(shown(dates, [entry('a', '2026-11-25', 970n)], '2026-11-26')).toEqual([['matched', '11-23 11-24', 'a', 0n]]);
  });

  test('nothing is lost or counted twice, and the order of the inputs changes nothing', () => {
    const day = fc
      .integer({ min: 0, max: 25 })
      .map((n) => new Date(Date.UTC(2026, 8, 20 + n)).toISOString().slice(0, 10));
    const dates = fc.uniqueArray(fc.tuple(day, fc.bigInt({ min: -50n, max: 50n })), {
      selector: ([one]) => one,
      maxLength: 12,
    });
    const paid = fc.array(
      fc.tuple(
        day,
        fc.bigInt({ min: -50n, max: 120n }).filter((n) => n !== 0n),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(dates, paid, day, (some, entries, asOf) => {
        const expected = some.map(([one, amount]) => date(one, amount));
        const money = entries.map(([one, amount], n) => entry(`e${String(n).padStart(2, '0')}`, one, amount));
        const groups = matchPayouts(expected, money, asOf);
        expect(matchPayouts([...expected].reverse(), [...money].reverse(), asOf)).toEqual(groups);
        const named = groups.flatMap((group) => group.dates.map((one) => one.date));
        expect([...named].sort()).toEqual(
          expected
            .filter(({ amount }) => amount !== 0n)
            .map((one) => one.date)
            .sort(),
        );
        const used = groups.flatMap((group) => group.entries.map(({ entryId }) => entryId));
        expect([...used].sort()).toEqual(
          money
            .filter(({ valueDay }) => valueDay <= asOf)
            .map(({ entryId }) => entryId)
            .sort(),
        );
        for (const group of groups) if (group.class === 'matched') expect(group.difference).toBe(0n);
      }),
    );
  });
});

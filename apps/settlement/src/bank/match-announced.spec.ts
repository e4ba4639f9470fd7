import { WorkingDays } from '../calendar/working-days';
import { matchAnnounced, type Announced, type PaidEntry } from './match-announced';
import type { ExpectedDate } from './match-payouts';

const days = new WorkingDays();
const date = (day: string, amount: bigint): ExpectedDate => ({ date: day, dueDay: days.after(day, 1), amount });
const line = (lineId: string, day: string, amount: bigint): Announced => ({
  lineId,
  day,
  amount,
  reference: `REF${lineId}`,
});
const entry = (entryId: string, valueDay: string, amount: bigint, text = ''): PaidEntry => ({
  entryId,
  valueDay,
  amount,
  texts: [text],
});
const shown = (expected: ExpectedDate[], lines: Announced[], entries: PaidEntry[], asOf: string) =>
  matchAnnounced(expected, lines, entries, asOf, days).map((group) => [
    group.class,
    group.dates.map((one) => one.date.slice(5)).join(' '),
    group.lines.map(({ lineId }) => lineId).join(' '),
    group.entries.map(({ entryId }) => entryId).join(' '),
    group.difference,
  ]);
const DATES = [date('2026-11-23', 4970n), date('2026-11-24', 1000n)];

describe('payouts with the provider’s own word', () => {
  test('one line of the provider for two dates, one entry of our bank', () => {
    const lines = [line('L1', '2026-11-25', 5970n)];
    expect(shown(DATES, lines, [entry('a', '2026-11-26', 5970n, 'x REFL1 y')], '2026-11-27')).toEqual([
      ['matched', '11-23 11-24', 'L1', 'a', 0n],
    ]);
  });

  test('the provider paid all, our bank got less: named at the line, the dates are matched', () => {
    const lines = [line('L1', '2026-11-24', 4970n), line('L2', '2026-11-25', 1000n)];
    const entries = [entry('a', '2026-11-24', 4900n, 'REFL1'), entry('b', '2026-11-25', 1000n)];
    expect(shown(DATES, lines, entries, '2026-11-27')).toEqual([
      ['matched', '11-23', 'L1', 'a', 0n],
      ['matched', '11-24', 'L2', 'b', 0n],
      ['payout_short', '', 'L1', 'a', -70n],
    ]);
  });

  test('the provider itself paid too little: named at the date', () => {
    const lines = [line('L1', '2026-11-24', 4900n)];
    expect(shown(DATES.slice(0, 1), lines, [entry('a', '2026-11-24', 4900n)], '2026-11-27')).toEqual([
      ['payout_short', '11-23', 'L1', 'a', -70n],
    ]);
  });

  test('said and never arrived; two working days are given', () => {
    const lines = [line('L1', '2026-11-27', 4970n)];
    expect(shown(DATES.slice(0, 1), lines, [], '2026-12-01')).toEqual([['matched', '11-23', 'L1', '', 0n]]);
    expect(shown(DATES.slice(0, 1), lines, [], '2026-12-02')).toEqual([
      ['matched', '11-23', 'L1', '', 0n],
      ['payout_missing', '', 'L1', '', -4970n],
    ]);
  });

  test('an entry that no line is about is nobody’s, also of a sum that would fit a date', () => {
    const lines = [line('L1', '2026-11-24', 4970n)];
    const entries = [entry('a', '2026-11-24', 4970n), entry('b', '2026-11-25', 1000n)];
    expect(shown(DATES.slice(0, 1), lines, entries, '2026-11-27')).toEqual([
      ['matched', '11-23', 'L1', 'a', 0n],
      ['payout_unknown', '', '', 'b', 1000n],
    ]);
  });

  test('the number in the text goes before the sum; the order of what is given changes nothing', () => {
    const lines = [line('L1', '2026-11-24', 500n), line('L2', '2026-11-24', 500n)];
    const entries = [entry('a', '2026-11-24', 500n, 'REFL2'), entry('b', '2026-11-24', 500n)];
    const expected = [date('2026-11-23', 1000n)];
    const found = shown(expected, lines, entries, '2026-11-25');
    expect(found).toEqual([['matched', '11-23', 'L1 L2', 'b a', 0n]]);
    expect(shown(expected, [...lines].reverse(), [...entries].reverse(), '2026-11-25')).toEqual(found);
  });

  test('without a word of the provider dates meet entries', () => {
    expect(shown(DATES.slice(0, 1), [], [entry('a', '2026-11-24', 4970n)], '2026-11-25')).toEqual([
      ['matched', '11-23', '', 'a', 0n],
    ]);
  });
});

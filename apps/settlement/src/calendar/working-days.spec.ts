import fc from 'fast-check';
import { CHINA_DAYS } from './china-days';
import { nextDay, shanghaiDate, WorkingDays } from './working-days';

const days = new WorkingDays();
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();

describe('working days', () => {
  test.each([
    ['a Friday', '2026-11-27', true],
    ['a Saturday', '2026-11-28', false],
    ['National Day', '2026-10-01', false],
    ['the last day off of that week', '2026-10-07', false],
    ['a Saturday worked instead', '2026-10-10', true],
    ['a Sunday worked instead', '2026-09-20', true],
    ['Spring Festival', '2026-02-17', false],
    ['1 January of a year nobody has entered', '2031-01-01', false],
    ['2 January of that year, a Thursday', '2031-01-02', true],
  ])('%s', (_, date, working) => expect(days.isWorking(date)).toBe(working));

  test.each([
    ['over a weekend', '2026-11-27', 1, '2026-11-30'],
    ['over the National Day week', '2026-09-30', 1, '2026-10-08'],
    ['two days, the second a Saturday worked', '2026-10-08', 2, '2026-10-10'],
    ['from within a holiday', '2026-10-03', 1, '2026-10-08'],
    ['no lag on a working day', '2026-11-27', 0, '2026-11-27'],
    ['no lag on a day off: the first working day', '2026-11-28', 0, '2026-11-30'],
    ['over the end of the year', '2026-12-31', 1, '2027-01-04'],
    ['over 29 February', '2024-02-29', 1, '2024-03-01'],
  ])('%s', (_, date, lag, expected) => expect(days.after(date, lag)).toBe(expected));

  test('what is made up for is a weekend day, and no day is both', () => {
    for (const { year, makeUp } of CHINA_DAYS)
      for (const day of makeUp) {
        expect([0, 6]).toContain(weekday(`${year}-${day}`));
        expect(days.isWorking(`${year}-${day}`)).toBe(true);
      }
  });

  test('a year of the installation replaces ours', () => {
    const own = new WorkingDays([{ year: 2027, source: 'published', off: ['02-05..02-11'], makeUp: ['02-20'] }]);
    expect([own.isWorking('2027-02-11'), own.isWorking('2027-02-20'), own.sourceOf('2027-01-01')]).toEqual([
      ...[false, true, 'published'],
    ]);
    expect([days.sourceOf('2027-01-01'), days.sourceOf('2031-01-01')]).toEqual(['statutory', 'weekends']);
  });

  test('n days and one more are n + 1 days; the order of dates is kept', () => {
    const date = fc.integer({ min: 0, max: 1400 }).map((n) => shanghaiDate(new Date(Date.UTC(2024, 0, 1 + n))));
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 6 }), (from, n) => {
        expect(days.after(days.after(from, n), 1)).toBe(days.after(from, n === 0 && !days.isWorking(from) ? 2 : n + 1));
        expect(days.after(from, n) <= days.after(nextDay(from), n)).toBe(true);
      }),
    );
  });

  test('no date, no answer', () => {
    expect(() => days.isWorking('2026-02-30')).toThrow('not a date');
  });
});

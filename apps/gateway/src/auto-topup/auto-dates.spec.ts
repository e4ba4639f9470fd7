import { beijingHour, dayIn, dayWords, nextMonthly } from './auto-dates';

test.each([
  ['2026-11-29', 10, '2026-11-29T02:00:00.000Z'],
  ['2026-12-01', 0, '2026-11-30T16:00:00.000Z'],
])('%s at %i in Beijing', (day, hour, utc) => expect(beijingHour(day, hour).toISOString()).toBe(utc));

test.each([
  ['2026-02', 31, '2026-02-28'],
  ['2028-02', 30, '2028-02-29'],
  ['2026-11', 5, '2026-11-05'],
  ['2026-04', 31, '2026-04-30'],
])('in %s the %ith is %s', (month, day, date) => expect(dayIn(month, day)).toBe(date));

test.each([
  ['2026-11-04T20:00:00Z', 5, '2026-11-05'],
  ['2026-11-05T01:59:00Z', 5, '2026-11-05'],
  ['2026-11-05T02:00:00Z', 5, '2026-12-05'],
  ['2026-12-31T17:00:00Z', 31, '2027-01-31'],
  ['2027-01-31T03:00:00Z', 31, '2027-02-28'],
])('from %s the next %ith at ten is on %s', (now, day, date) => expect(nextMonthly(new Date(now), day, 10)).toBe(date));

test('days in words', () => {
  const now = new Date('2026-11-24T16:30:00Z'); // the 25th in Beijing
  expect(['2026-11-25', '2026-11-26', '2026-12-05'].map((day) => dayWords(day, now))).toEqual([
    '今天',
    '明天',
    '12月5日',
  ]);
});

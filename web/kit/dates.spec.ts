import { ageInDays, dateTime } from './dates';

test('instants are shown in Asia/Shanghai', () =>
  expect(dateTime('2026-11-22T16:05:09.000Z')).toBe('2026-11-23 00:05:09'));

test.each([
  ['2026-11-22', 0],
  ['2026-11-21', 1],
  ['2026-12-01', 0],
])('age of %s', (day, age) => expect(ageInDays(day, new Date('2026-11-22T15:00:00Z'))).toBe(age));

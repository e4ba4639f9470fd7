import { instantText } from './instant-text';

test('the text of a moment is its own, however many others were asked for in between', () => {
  const dates = Array.from({ length: 200 }, (_, n) => new Date(1_764_000_000_000 + n * 977));
  for (const round of [1, 2])
    for (const date of dates) expect([round, instantText(date)]).toEqual([round, date.toISOString()]);
  expect(instantText(new Date(-1))).toBe('1969-12-31T23:59:59.999Z');
  expect(() => instantText(new Date(Number.NaN))).toThrow(RangeError);
});

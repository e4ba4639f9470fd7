import { count, figure, parseYuan, yuan } from './money';

describe('amounts on screen', () => {
  test.each([
    [0, '0.00'],
    [5, '0.05'],
    [123456700, '1,234,567.00'],
    [-123400, '−1,234.00'],
    [null, '–'],
  ])('%s is %s', (minor, shown) => expect(figure(minor)).toBe(shown));

  test('a sentence carries the sign before the unit', () => expect(yuan(-5000)).toBe('−¥50.00'));
  test('counts are grouped', () => expect(count(1204331)).toBe('1,204,331'));
  test('a fraction of a fen is refused', () => expect(() => figure(0.5)).toThrow());

  test.each([
    ['50', 5000],
    ['50.5', 5050],
    ['0.01', 1],
    ['0', null],
    ['-5', null],
    ['1e3', null],
    ['5.005', null],
    ['', null],
  ])('typed %s is %s', (text, minor) => expect(parseYuan(text)).toBe(minor));
});

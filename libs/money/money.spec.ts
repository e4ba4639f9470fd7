import * as fc from 'fast-check';
import {
  MAX_MINOR,
  divide,
  formatMajor,
  fromDigits,
  fromJson,
  ofPpm,
  parseMajor,
  splitByLargestRemainder,
  splitByShares,
  sum,
  toDigits,
  toJson,
} from './money';

const minor = fc.bigInt({ min: -MAX_MINOR, max: MAX_MINOR });

describe('money', () => {
  test.each([
    ['50', 5000n],
    ['50.0', 5000n],
    ['-1,234.50', -123450n],
    ['¥12.50', 1250n],
    ['0.00000', 0n],
    ['−3.1', -310n],
  ])('parses %s', (text, expected) => expect(parseMajor(text)).toBe(expected));

  test.each(['', '.5', '1e3', '1,23.00', '12.345', 'NaN', '0x10', '99999999999999999'])('refuses %s', (text) =>
    expect(() => parseMajor(text)).toThrow(),
  );

  test.each([1.5, '5000', NaN, Infinity, 2 ** 53, null, undefined, true])('JSON amount %s is refused', (value) =>
    expect(() => fromJson(value)).toThrow(),
  );

  test.each(['05', '1.0', '', '+1', ' 1', '1e2'])('digits %s are refused', (value) =>
    expect(() => fromDigits(value)).toThrow(),
  );

  test('every form is read back as the same amount', () =>
    fc.assert(
      fc.property(minor, (amount) => {
        expect(parseMajor(formatMajor(amount))).toBe(amount);
        expect(fromDigits(toDigits(amount))).toBe(amount);
        expect(fromJson(toJson(amount))).toBe(amount);
      }),
    ));

  test.each([
    [5n, 2n, 'half_up', 3n],
    [-5n, 2n, 'half_up', -3n],
    [4n, 3n, 'half_up', 1n],
    [5n, 2n, 'down', 2n],
    [1n, 3n, 'up', 1n],
    [6n, 3n, 'up', 2n],
  ] as const)('%s / %s %s = %s', (n, d, rounding, expected) => expect(divide(n, d, rounding)).toBe(expected));

  test('0.38 % of 50.00 is 0.19', () => expect(ofPpm(5000n, 3800n)).toBe(19n));

  test('splits conserve the whole and stay within one unit of the exact share', () =>
    fc.assert(
      fc.property(
        minor,
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 31 }),
        (whole, weights) => {
          fc.pre(weights.some((w) => w > 0n));
          const total = weights.reduce((a, b) => a + b, 0n);
          const parts = splitByLargestRemainder(whole, weights);
          expect(sum(parts)).toBe(whole);
          parts.forEach((part, i) => {
            const gap = part * total - whole * (weights[i] ?? 0n);
            expect(gap < total && gap > -total).toBe(true);
          });
        },
      ),
    ));

  test('the remainder of shares goes to the first named', () =>
    expect(splitByShares(100n, [333_333n, 333_333n, 333_334n])).toEqual([34n, 33n, 33n]));
});

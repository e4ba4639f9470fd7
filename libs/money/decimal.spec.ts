import fc from 'fast-check';
import { decimalsOf, fromDecimal, toDecimal } from './decimal';
import { MoneyError } from './money';

test.each([
  ['12.34', 2, 1234n],
  ['12', 2, 1200n],
  ['12.', 2, 1200n],
  ['.5', 2, 50n],
  ['+0.10', 2, 10n],
  ['-3.1', 2, -310n],
  ['001.12000', 2, 112n],
  ['2700', 0, 2700n],
  ['2700.00', 0, 2700n],
  ['1.234', 3, 1234n],
])('%s with %i decimals', (text, decimals, minor) => expect(fromDecimal(text, decimals)).toBe(minor));

test.each(['', '.', '-', '1,5', '1 000', '1e3', '12.345', '0x10', '--1', '99999999999999999.00'])(
  '%p is no amount of a currency with two decimals',
  (text) => expect(() => fromDecimal(text, 2)).toThrow(MoneyError),
);

test('a currency is known by its decimals', () =>
  expect(['CNY', 'JPY', 'KWD', 'CLF', 'XYZ'].map(decimalsOf)).toEqual([2, 0, 3, 4, 2]));

test('what is printed is read again', () =>
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat({ max: 4 }), (amount, decimals) =>
      expect(fromDecimal(toDecimal(amount, decimals), decimals)).toBe(amount),
    ),
  ));

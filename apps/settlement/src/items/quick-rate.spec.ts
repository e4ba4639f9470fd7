import type { Rounding } from '@yidian/money';
import * as fc from 'fast-check';
import { feeOf, type FeeRule } from '../fees/fee';
import { MOST, quickFee, whole } from './quick-rate';

const rules = fc
  .record({
    ppm: fc.oneof(fc.bigInt({ min: 0n, max: 20_000n }), fc.bigInt({ min: 0n, max: 1_000_000n })),
    fixed: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 7n })),
    min: fc.bigInt({ min: 0n, max: 50n }),
    span: fc.option(fc.bigInt({ min: 0n, max: 10n ** 6n })),
    rounding: fc.constantFrom<Rounding>('half_up', 'down', 'up'),
  })
  .map(({ span, ...given }): FeeRule => ({ ...given, cap: span === null ? null : given.min + span }));

/** The fee, or what is said where it is no amount any more. */
function outcome(fee: () => bigint | number): bigint | string {
  try {
    return BigInt(fee());
  } catch (error) {
    return String(error);
  }
}

const check = (rule: FeeRule, amount: number) =>
  expect(outcome(() => quickFee(rule)(amount))).toBe(outcome(() => feeOf(rule, BigInt(amount))));

test('whatever the rule and the amount, doubles say what bigint says', () =>
  fc.assert(
    fc.property(rules, fc.oneof(fc.integer({ min: 0, max: 10 ** 6 }), fc.integer({ min: 0, max: 10 ** 15 })), check),
    { numRuns: 5000 },
  ));

test('a fee beyond the largest amount is refused by both', () => {
  const rule: FeeRule = { ppm: 1_000_000n, fixed: 30n, min: 0n, cap: null, rounding: 'half_up' };
  check(rule, 999_999_999_999_970);
  expect(() => quickFee(rule)(999_999_999_999_971)).toThrow('amount out of range');
  check(rule, 999_999_999_999_971);
});

test('at the bound, and one unit before each whole result', () => {
  const plain: FeeRule = { ppm: 1n, fixed: 0n, min: 0n, cap: null, rounding: 'down' };
  for (let k = 2 ** 32 - 3; k < 2 ** 32 + 3; k++)
    for (const off of [-1, 0, 1]) check(plain, Math.min(k * 1_000_000 + off, 10 ** 15));
  for (let e = 1; e <= 9; e++) for (const off of [-1, 0, 1]) check(plain, 10 ** 6 * 10 ** e + off);
});

test.each([-1, 1.5, NaN, MOST + 2, Infinity])('%s is no amount', (amount) => expect(() => whole(amount)).toThrow());

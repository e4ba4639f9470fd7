import { divide, type Rounding } from '@yidian/money';
import * as fc from 'fast-check';
import { feeOf, type FeeRule } from './fee';

const PPM = 1_000_000n;
const rules = fc
  .record({
    ppm: fc.bigInt({ min: 1n, max: 20_000n }),
    fixed: fc.bigInt({ min: 0n, max: 100n }),
    min: fc.bigInt({ min: 0n, max: 50n }),
    span: fc.bigInt({ min: 0n, max: 500n }),
    rounding: fc.constantFrom<Rounding>('half_up', 'down', 'up'),
  })
  .map(({ span, ...given }) => ({ ...given, cap: given.min + span }));

/** The smallest payment whose fee satisfies; fees never fall as payments grow. */
function firstWith(rule: FeeRule, reached: (fee: bigint) => boolean): bigint {
  let [low, high] = [1n, 10n ** 12n];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (reached(feeOf(rule, middle))) high = middle;
    else low = middle + 1n;
  }
  return low;
}

describe('minimum and cap', () => {
  test('held before or after rounding, they say the same', () =>
    fc.assert(
      fc.property(rules, fc.bigInt({ min: 1n, max: 10n ** 7n }), (rule, amount) => {
        const raw = amount * rule.ppm + rule.fixed * PPM;
        const [lowest, highest] = [rule.min * PPM, rule.cap * PPM];
        const held = raw < lowest ? lowest : raw > highest ? highest : raw;
        expect(feeOf(rule, amount)).toBe(divide(held, PPM, rule.rounding));
      }),
    ));

  test('one fen before the cap is reached, at it and ever after', () =>
    fc.assert(
      fc.property(rules, fc.bigInt({ min: 0n, max: 10n ** 9n }), (rule, more) => {
        const at = firstWith(rule, (fee) => fee >= rule.cap);
        expect([feeOf(rule, at), feeOf(rule, at + 1n), feeOf(rule, at + more)]).toEqual(Array(3).fill(rule.cap));
        if (at > 1n) expect(feeOf(rule, at - 1n) < rule.cap).toBe(true);
      }),
    ));

  test('the smallest payment bears the minimum, nothing bears nothing, and the first above it is one fen more', () =>
    fc.assert(
      fc.property(
        rules.map((rule) => ({ ...rule, cap: null, fixed: 0n, min: rule.min + 1n })),
        (rule) => {
          expect([feeOf(rule, 0n), feeOf(rule, 1n)]).toEqual([0n, rule.min]);
          const above = firstWith(rule, (fee) => fee > rule.min);
          expect([feeOf(rule, above - 1n), feeOf(rule, above)]).toEqual([rule.min, rule.min + 1n]);
        },
      ),
    ));
});

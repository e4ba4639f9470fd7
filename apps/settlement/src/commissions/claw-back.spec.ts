import { clawBack } from '@yidian/money';
import * as fc from 'fast-check';
import { feeOf } from '../fees/fee';
import { commissionOf } from './commission';

const half = (amount: bigint) => commissionOf({ ppm: 5000n, rounding: 'half_up' }, amount);

/** Refunds one after the other; returns what each claws back. */
function clawAll(rule: (amount: bigint) => bigint, paid: bigint, refunds: readonly bigint[]): bigint[] {
  let refunded = 0n;
  let earlier = 0n;
  return refunds.map((refund) => {
    refunded += refund;
    const claw = clawBack(rule, paid, refunded, earlier);
    earlier += claw;
    return claw;
  });
}

/** A payment and a series of refunds that never passes it, sometimes all of it. */
const series = fc
  .record({
    paid: fc.bigInt({ min: 1n, max: 10n ** 7n }),
    cuts: fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 1, maxLength: 12 }),
    whole: fc.boolean(),
  })
  .map(({ paid, cuts, whole }) => {
    const marks = cuts.map((cut) => (paid * cut) / 1000n).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    if (whole) marks.push(paid);
    return { paid, refunds: marks.map((mark, i) => mark - (marks[i - 1] ?? 0n)) };
  });

const rules = fc.record({
  ppm: fc.bigInt({ min: 0n, max: 50_000n }),
  min: fc.bigInt({ min: 0n, max: 100n }),
  fixed: fc.bigInt({ min: 0n, max: 100n }),
});

describe('claw-back', () => {
  test('MONEY row 3c: 2000 of 5000 claws 10 of 25', () => expect(clawAll(half, 5000n, [2000n])).toEqual([10n]));
  test('many small steps end where one step ends', () =>
    expect(clawAll(half, 5000n, [1n, 99n, 1900n, 3000n]).reduce((a, b) => a + b, 0n)).toBe(25n));
  test('more than was paid is refused', () => expect(() => clawBack(half, 5000n, 5001n, 0n)).toThrow());

  test('any series: no step is negative, the sum is C(a) − C(a − R), all of it gives back C(a)', () =>
    fc.assert(
      fc.property(series, rules, ({ paid, refunds }, given) => {
        const rule = (amount: bigint) => feeOf({ ...given, cap: null, rounding: 'half_up' }, amount);
        const claws = clawAll(rule, paid, refunds);
        const refunded = refunds.reduce((a, b) => a + b, 0n);
        const sum = claws.reduce((a, b) => a + b, 0n);
        expect(claws.every((claw) => claw >= 0n)).toBe(true);
        expect(sum).toBe(rule(paid) - rule(paid - refunded));
        if (refunded === paid) expect(sum).toBe(rule(paid));
      }),
      { numRuns: 2000 },
    ));
});

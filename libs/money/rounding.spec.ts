import * as fc from 'fast-check';
import { splitTax } from './cascade';
import { divide, splitByLargestRemainder, splitByShares, type Rounding } from './money';
import { monthPrice, tierAt, type Tier, type TierMode } from './tiers';

const abs = (n: bigint): bigint => (n < 0n ? -n : n);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
const signed = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 7n });

describe('rounding by its definition, not by its formula', () => {
  const fits: Readonly<Record<Rounding, (n: bigint, d: bigint, q: bigint) => boolean>> = {
    // Nearest; of two that are as near, the one further from zero.
    half_up: (n, d, q) => 2n * abs(q * d - n) < d || (2n * abs(q * d - n) === d && abs(q) * d > abs(n)),
    down: (n, d, q) => abs(q) * d <= abs(n) && abs(n) - abs(q) * d < d,
    up: (n, d, q) => abs(q) * d >= abs(n) && abs(q) * d - abs(n) < d,
  };
  test.each(Object.keys(fits) as Rounding[])('%s', (rounding) =>
    fc.assert(
      fc.property(signed, positive, (n, d) => {
        const q = divide(n, d, rounding);
        expect(fits[rounding](n, d, q)).toBe(true);
        expect(divide(-n, d, rounding)).toBe(-q);
      }),
    ),
  );

  test.each([
    ['half_up', 49n, 0n],
    ['half_up', 50n, 1n],
    ['half_up', 51n, 1n],
    ['half_up', 150n, 2n],
    ['half_up', 250n, 3n],
    ['down', 99n, 0n],
    ['down', 100n, 1n],
    ['up', 100n, 1n],
    ['up', 101n, 2n],
  ] as const)('%s: %s hundredths are %s', (rounding, n, q) => expect(divide(n, 100n, rounding)).toBe(q));
});

describe('splits conserve', () => {
  test('shares: every part but the first is its floor, and all of them are the whole, of either sign', () =>
    fc.assert(
      fc.property(
        signed,
        fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { maxLength: 5 }).map((cuts) => {
          const marks = [...cuts, 1_000_000n].sort((a, b) => (a < b ? -1 : 1));
          return marks.map((mark, i) => mark - (marks[i - 1] ?? 0n));
        }),
        (whole, shares) => {
          const parts = splitByShares(whole, shares);
          expect(sum(parts)).toBe(whole);
          parts.slice(1).forEach((part, i) => expect(part).toBe((whole * (shares[i + 1] ?? 0n)) / 1_000_000n));
          expect(splitByShares(-whole, shares)).toEqual(parts.map((part) => -part));
        },
      ),
    ));

  test('largest remainder: who gets one more had the larger remainder, or the lower index at the same', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        fc.array(fc.bigInt({ min: 0n, max: 50n }), { minLength: 1, maxLength: 31 }).filter((all) => sum(all) > 0n),
        (whole, weights) => {
          const total = sum(weights);
          const parts = splitByLargestRemainder(whole, weights);
          const rows = weights.map((weight, i) => ({
            more: (parts[i] ?? 0n) - (whole * weight) / total,
            rest: (whole * weight) % total,
            i,
          }));
          expect(sum(parts)).toBe(whole);
          const [lucky, others] = [rows.filter(({ more }) => more === 1n), rows.filter(({ more }) => more === 0n)];
          expect(lucky.length + others.length).toBe(rows.length);
          for (const a of lucky)
            for (const b of others) expect(a.rest > b.rest || (a.rest === b.rest && a.i < b.i)).toBe(true);
        },
      ),
    ));

  test('tax within an amount: net and tax are the amount, the tax is the nearest fen, a refund mirrors it', () =>
    fc.assert(
      fc.property(signed, fc.bigInt({ min: 0n, max: 1_000_000n }), (gross, rate) => {
        const { net, tax } = splitTax(gross, rate);
        expect(net + tax).toBe(gross);
        expect(2n * abs(tax * (1_000_000n + rate) - gross * rate) <= 1_000_000n + rate).toBe(true);
        expect(splitTax(-gross, rate)).toEqual({ net: -net, tax: -tax });
      }),
    ));
});

describe('the edges of any tiers', () => {
  const tiers = fc
    .array(fc.record({ step: fc.bigInt({ min: 1n, max: 60n }), ppm: fc.bigInt({ min: 0n, max: 900_000n }) }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((steps) => {
      let from = 0n;
      return steps.map(({ step, ppm }, i): Tier => ({ from: i === 0 ? 0n : (from += step), ppm }));
    });
  /** Fen by fen, each looked up for itself. */
  const exact = (all: readonly Tier[], mode: TierMode, volume: bigint): bigint => {
    const rateOf = (reached: bigint) => all.filter(({ from }) => from <= reached).at(-1)?.ppm ?? 0n;
    if (mode === 'retroactive') return volume * rateOf(volume);
    let price = 0n;
    for (let before = 0n; before < volume; before++) price += rateOf(before);
    return price;
  };

  test('one fen below, exactly at and one fen above each edge, marginal and retroactive, in every rounding', () =>
    fc.assert(
      fc.property(tiers, fc.constantFrom<Rounding>('half_up', 'down', 'up'), (all, rounding) => {
        for (const { from } of all)
          for (const volume of [from - 1n, from, from + 1n].filter((one) => one >= 0n)) {
            for (const mode of ['marginal', 'retroactive'] as const)
              expect(monthPrice(all, mode, volume, rounding)).toBe(
                divide(exact(all, mode, volume), 1_000_000n, rounding),
              );
            expect(tierAt(all, volume)).toEqual(all.filter((tier) => tier.from <= volume).at(-1) ?? all[0]);
          }
      }),
    ));
});

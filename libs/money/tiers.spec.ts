import * as fc from 'fast-check';
import { monthPrice, tierAt, tiersFault, type Tier } from './tiers';

/** 0.38 % to 1,000 yuan, 0.30 % to 10,000, 0.25 % beyond. */
const TIERS: Tier[] = [
  { from: 0n, ppm: 3800n },
  { from: 100_000n, ppm: 3000n },
  { from: 1_000_000n, ppm: 2500n },
];

describe('tiers of a month', () => {
  test.each([
    [-1n, 3800n],
    [0n, 3800n],
    [99_999n, 3800n],
    [100_000n, 3000n],
    [100_001n, 3000n],
    [999_999n, 3000n],
    [1_000_000n, 2500n],
  ])('%s lies at %s ppm', (volume, ppm) => expect(tierAt(TIERS, volume).ppm).toBe(ppm));

  test.each([
    ['marginal', 99_999n, 380n],
    ['marginal', 100_000n, 380n],
    ['marginal', 100_500n, 382n],
    ['marginal', 1_000_000n, 3080n],
    ['marginal', 2_000_000n, 5580n],
    ['retroactive', 99_999n, 380n],
    ['retroactive', 100_000n, 300n],
    ['retroactive', 2_000_000n, 5000n],
    ['marginal', -5n, 0n],
    ['retroactive', 0n, 0n],
  ] as const)('%s price of %s is %s', (mode, volume, price) =>
    expect(monthPrice(TIERS, mode, volume, 'half_up')).toBe(price),
  );

  test.each([
    [[], 'the first tier begins at 0'],
    [[{ from: 1n, ppm: 1n }], 'the first tier begins at 0'],
    [[TIERS[0], TIERS[2], TIERS[1]] as Tier[], 'tiers must rise'],
    [TIERS, null],
  ])('faults are named', (tiers, fault) => expect(tiersFault(tiers)).toBe(fault));

  test('one tier costs its rate in both ways; more volume never costs less at the margin', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        fc.bigInt({ min: 0n, max: 20_000n }),
        (volume, more, ppm) => {
          const one = [{ from: 0n, ppm }];
          expect(monthPrice(one, 'marginal', volume, 'down')).toBe((volume * ppm) / 1_000_000n);
          expect(monthPrice(one, 'retroactive', volume, 'down')).toBe((volume * ppm) / 1_000_000n);
          const [less, greater] = [volume, volume + more].map((v) => monthPrice(TIERS, 'marginal', v, 'half_up'));
          expect((greater ?? 0n) >= (less ?? 0n)).toBe(true);
        },
      ),
    ));
});

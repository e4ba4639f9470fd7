import { schedule } from '../testing/contracts';
import { simulate, spread, type ChargedLines } from './simulate';

const line = (branch: string, amount: bigint, given: Partial<ChargedLines> = {}): ChargedLines => ({
  ...{ day: '2026-10-05', branch, amount, face: amount, count: 1, fee: 0n },
  ...given,
});
const figures = (...args: Parameters<typeof simulate>) =>
  simulate(...args).map(({ branch, payments, charged, wouldBe }) => [branch, payments, charged, wouldBe]);

describe('what a schedule would have charged', () => {
  test('per payment: three of 50 yuan at 0.38 %, charged 0.60 % then', () =>
    expect(figures(schedule({ ppm: 3800n }), [line('420000', 5000n, { count: 3, fee: 90n })])).toEqual([
      ['420000', 3, 90n, 57n],
    ]));

  test.each([
    ['kept', 19n],
    ['proportional', 0n],
    ['as_statement', 7n],
  ] as const)('a refund, fee %s', (refundPolicy, wouldBe) =>
    expect(
      figures(schedule({ ppm: 3800n, refundPolicy }), [line('420000', 5000n), line('420000', -5000n, { fee: -12n })]),
    ).toEqual([['420000', 1, -12n, wouldBe]]),
  );

  test('per day: 0.38 fen each, 1 fen for the three of a day, spread over the branches', () =>
    expect(
      figures(schedule({ ppm: 3800n, roundPer: 'day' }), [line('420000', 100n, { count: 2 }), line('440000', 100n)]),
    ).toEqual([
      ['420000', 2, 0n, 1n],
      ['440000', 1, 0n, 0n],
    ]));

  test('by tiers: the price of each month’s volume, pro rata', () => {
    const tiers = [
      { from: 0n, ppm: 6000n },
      { from: 10_000n, ppm: 3000n },
    ];
    const lines = [
      line('420000', 15_000n, { fee: 90n }),
      line('440000', 5_000n, { fee: 30n }),
      line('440000', 5_000n, { day: '2026-11-01', fee: 30n }),
    ];
    expect(figures(schedule({ tiers, tierMode: 'retroactive' }), lines)).toEqual([
      ['420000', 1, 90n, 45n],
      ['440000', 2, 60n, 45n],
    ]);
    expect(figures(schedule({ tiers }), lines.slice(0, 2))).toEqual([
      ['420000', 1, 90n, 68n],
      ['440000', 1, 30n, 22n],
    ]);
  });

  test('a branch below nothing bears nothing; nobody, nothing', () => {
    expect(spread(10n, [['b', -5n], ['a', 5n]])).toEqual([['a', 10n], ['b', 0n]]); // prettier-ignore
    expect(spread(10n, [['a', -5n]])).toEqual([]);
  });
});

import { ageing, bucketOf } from './ageing';
import { inverseNormal, pareto, qualityRow } from './quality';

describe('quality', () => {
  // Textbook levels of a process with the 1.5 shift.
  test.each([
    [3_000_000, 0.0000034, '6.00'],
    [1_000_000, 0.000233, '5.00'],
    [1_000_000, 0.00621, '4.00'],
    [1_000_000, 0.066807, '3.00'],
    [1_000_000, 0.308538, '2.00'],
  ])('of %d payments a share of %d defects is sigma %s', (payments, share, sigma) => {
    const count = Math.round(payments * share);
    const row = qualityRow({ of: 'all', key: '', payments, defects: [{ class: 'uncredited', count, amount: 0n }] });
    expect(Math.abs(Number(row.sigma) - Number(sigma))).toBeLessThanOrEqual(0.01);
    expect(Math.abs(Number(row.dpmo) - (count / payments) * 1_000_000)).toBeLessThanOrEqual(0.05);
  });

  test('the inverse of the normal distribution is symmetric and known at its quantiles', () => {
    expect(inverseNormal(0.5)).toBeCloseTo(0, 9);
    expect(inverseNormal(0.975)).toBeCloseTo(1.959963985, 7);
    expect(inverseNormal(0.01)).toBeCloseTo(-inverseNormal(0.99), 7);
    expect(inverseNormal(0.0000034)).toBeCloseTo(-4.4999, 3);
  });

  test('under 3,000 payments, or where payments are not known, only counts are told', () => {
    const defects = [{ class: 'uncredited' as const, count: 3, amount: 100n }];
    for (const payments of [2_999, null])
      expect(qualityRow({ of: 'branch', key: '420000', payments, defects })).toMatchObject({
        ...{ payments, defects: 3, dpmo: null, sigma: null, mainClass: 'uncredited' },
      });
    expect(qualityRow({ of: 'all', key: '', payments: 3_000, defects: [] })).toMatchObject({
      ...{ dpmo: '0.0', sigma: '>6.00', mainClass: null },
    });
  });

  test('Pareto: most first, the last class brings the share to one', () => {
    const rows = pareto([
      { class: 'fee_mismatch', count: 1, amount: 5n },
      { class: 'uncredited', count: 6, amount: 900_719_925_474_099n },
      { class: 'fee_mismatch', count: 2, amount: 2n },
    ]);
    expect(rows).toEqual([
      { class: 'uncredited', count: 6, amount: '900719925474099', cumulativePpm: 666_667 },
      { class: 'fee_mismatch', count: 3, amount: '7', cumulativePpm: 1_000_000 },
    ]);
  });
});

describe('ageing', () => {
  test.each([
    [0, '0-1'],
    [1, '0-1'],
    [2, '2-3'],
    [3, '2-3'],
    [4, '4-7'],
    [7, '4-7'],
    [8, '8-30'],
    [30, '8-30'],
    [31, '30+'],
  ])('%d days lie in %s', (days, bucket) => expect(bucketOf(days)).toBe(bucket));

  test('long and short do not hide each other; who has none and what is late is counted', () => {
    const row = (date: string, atStake: bigint, owner: string, dueOn: string | null) => ({
      ...{ provider: 'bank_a', class: 'uncredited' as const, date, at_stake: atStake, owner, due_on: dueOn },
    });
    const rows = [
      row('2026-11-22', 5_000n, '', '2026-11-25'),
      row('2026-11-22', -3_000n, 'li', '2026-11-30'),
      row('2026-10-01', 1n, 'li', null),
    ];
    expect(ageing(rows, '2026-11-27')).toEqual([
      { provider: 'bank_a', class: 'uncredited', bucket: '4-7', count: 2, amount: '8000', unowned: 1, overdue: 1 },
      { provider: 'bank_a', class: 'uncredited', bucket: '30+', count: 1, amount: '1', unowned: 0, overdue: 0 },
    ]);
  });
});

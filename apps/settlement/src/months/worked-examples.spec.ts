import { clawBack, monthPrice, splitCascade, type Rounding, type TierMode } from '@yidian/money';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roundDay } from '../fees/day-rounding';
import { feeOf, splitFee } from '../fees/fee';
import { earnerStatement } from './earner-month';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'MONEY.md'), 'utf8');

/** Rows of the table under a heading of the page, cell by cell. */
function rowsUnder(heading: string): string[][] {
  const from = PAGE.indexOf(`### ${heading}\n`);
  const section = PAGE.slice(from + 4).split('\n### ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const orNone = (cell: string): bigint | null => (cell === '–' ? null : BigInt(cell));
const list = (cell: string): bigint[] => cell.split(' ').map(BigInt);

describe('the page of worked examples', () => {
  test.each(rowsUnder('A fee'))('fee: %s ppm, %s, %s, %s, %s of %s', (...cells) => {
    const [ppm = '', fixed = '', min = '', cap = '', rounding = '', amount = '', , fee = ''] = cells;
    const rule = { ppm: BigInt(ppm), fixed: BigInt(fixed), min: BigInt(min), cap: orNone(cap) };
    expect(feeOf({ ...rule, rounding: rounding as Rounding }, BigInt(amount))).toBe(BigInt(fee));
  });

  test('a day of three, and two bearers', () => {
    const day = ['c', 'a', 'b'].map((attempt) => ({ attempt, amount: 100n }));
    expect(roundDay({ ppm: 3800n, rounding: 'half_up' }, day)).toEqual([0n, 1n, 0n]);
    const half = (party: 'hq' | 'home') => ({ party, ppm: 500_000n });
    expect(splitFee(33n, [half('hq'), half('home')]).map(({ amount }) => amount)).toEqual([17n, 16n]);
  });

  test.each(rowsUnder('A cascade'))(
    'cascade: %s at %s, rest to %s',
    (base = '', rates = '', rest = '', parts = '', total = '') => {
      const split = splitCascade(BigInt(base), list(rates), Number(rest) - 1, 'half_up');
      expect(split).toEqual(list(parts));
      expect(split.reduce((a, b) => a + b, 0n)).toBe(BigInt(total));
    },
  );

  test('what comes back, refund by refund', () => {
    const rule = (left: bigint) => feeOf({ ppm: 5000n, fixed: 0n, min: 0n, cap: null, rounding: 'half_up' }, left);
    let earlier = 0n;
    for (const [refunded = '', left = '', claw = ''] of rowsUnder('What comes back')) {
      const taken = clawBack(rule, 5000n, BigInt(refunded), earlier);
      expect([rule(5000n - BigInt(refunded)), taken]).toEqual([BigInt(left), BigInt(claw)]);
      earlier += taken;
    }
    expect(earlier).toBe(25n);
  });

  test.each(rowsUnder("A month's tiers"))('%s price of %s', (mode = '', volume = '', _ = '', price = '') => {
    const tiers = [
      { from: 0n, ppm: 3800n },
      { from: 100_000n, ppm: 3000n },
      { from: 1_000_000n, ppm: 2500n },
    ];
    expect(monthPrice(tiers, mode as TierMode, BigInt(volume), 'half_up')).toBe(BigInt(price));
  });

  test.each(rowsUnder("An earner's month"))('earned %s, clawed %s, carried %s, cap %s', (...cells) => {
    const [earned = '', clawed = '', carriedIn = '', cap = '', ...told] = cells;
    const month = { earned: BigInt(earned), clawed: BigInt(clawed), carriedIn: BigInt(carriedIn), capPpm: orNone(cap) };
    const { taken, carriedOut, payable, tax } = earnerStatement({
      ...{ ...month, trueUp: 0n, negativeIn: 0n, taxPpm: 60_000n },
    });
    expect([taken, carriedOut, payable, tax]).toEqual(told.map(BigInt));
  });

  test('every table was found', () =>
    expect(['A fee', 'A cascade', 'What comes back', 'A month\'s tiers', 'An earner\'s month'].map((name) => rowsUnder(name).length)).toEqual([10, 4, 4, 7, 4])); // prettier-ignore
});

import { clawBack, monthPrice, splitCascade, type Rounding, type TierMode } from '@yidian/money';
import { feeOf } from '../fees/fee';
import { MONEY_PAGE, example, tiersIn } from '../testing/money-page';
import { earnerStatement } from './earner-month';

const orNone = (cell: string): bigint | null => (cell === '–' ? null : BigInt(cell));
const list = (cell: string): bigint[] => cell.split(' ').map(BigInt);

describe('the page of worked examples', () => {
  test.each(example('A fee'))('fee: %s ppm, %s, %s, %s, %s of %s', (...cells) => {
    const [ppm = '', fixed = '', min = '', cap = '', rounding = '', amount = '', , fee = ''] = cells;
    const rule = { ppm: BigInt(ppm), fixed: BigInt(fixed), min: BigInt(min), cap: orNone(cap) };
    expect(feeOf({ ...rule, rounding: rounding as Rounding }, BigInt(amount))).toBe(BigInt(fee));
  });

  test.each(example('A cascade'))(
    'cascade: %s at %s, rest to %s',
    (base = '', rates = '', rest = '', parts = '', total = '') => {
      const split = splitCascade(BigInt(base), list(rates), Number(rest) - 1, 'half_up');
      expect(split).toEqual(list(parts));
      expect(split.reduce((a, b) => a + b, 0n)).toBe(BigInt(total));
    },
  );

  test('what comes back, refund by refund', () => {
    const said = /([\d,]+) at ([\d,]+) ppm gave (\d+):/.exec(MONEY_PAGE)?.slice(1) ?? [];
    const [paid = 0n, ppm = 0n, given = 0n] = said.map((digits) => BigInt(digits.replaceAll(',', '')));
    const rule = (left: bigint) => feeOf({ ppm, fixed: 0n, min: 0n, cap: null, rounding: 'half_up' }, left);
    let earlier = 0n;
    for (const [refunded = '', left = '', claw = ''] of example('What comes back')) {
      const taken = clawBack(rule, paid, BigInt(refunded), earlier);
      expect([rule(paid - BigInt(refunded)), taken]).toEqual([BigInt(left), BigInt(claw)]);
      earlier += taken;
    }
    expect([rule(paid), earlier]).toEqual([given, given]);
  });

  test.each(example("A month's tiers"))('%s price of %s', (mode = '', volume = '', _ = '', price = '') => {
    const tiers = tiersIn(/^Tiers .*:$/m);
    expect(monthPrice(tiers, mode as TierMode, BigInt(volume), 'half_up')).toBe(BigInt(price));
  });

  test.each(example("An earner's month"))('earned %s, clawed %s, carried %s, cap %s', (...cells) => {
    const [earned = '', clawed = '', carriedIn = '', cap = '', ...told] = cells;
    const month = { earned: BigInt(earned), clawed: BigInt(clawed), carriedIn: BigInt(carriedIn), capPpm: orNone(cap) };
    const { taken, carriedOut, payable, tax } = earnerStatement({
      ...{ ...month, trueUp: 0n, negativeIn: 0n, taxPpm: 60_000n },
    });
    expect([taken, carriedOut, payable, tax]).toEqual(told.map(BigInt));
  });
});

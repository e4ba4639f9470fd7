import { MAX_MINOR, MoneyError, type Rounding } from '@yidian/money';
import { feeOf, type FeeRule } from '../fees/fee';

/**
 * Rates on amounts as doubles, exact within a proven bound. n/10^6 is floored right when n ≤ 2^52: the quotient is below
 * 2^33, where doubles lie less than 2^-19 = 1.9·10^-6 apart, and it lies at least 10^-6 under the next whole number, more than
 * half of that distance. Beyond the bound the same rule is worked out in bigint.
 */
export const MOST = 2 ** 52;

const MILLION = 1_000_000;
const LARGEST = Number(MAX_MINOR);
const BUMP: Readonly<Record<Rounding, number>> = { half_up: 500_000, down: 0, up: 999_999 };

/** @throws MoneyError when a number is no whole amount that a double holds exactly */
export function whole(amount: number): number {
  if (!Number.isSafeInteger(amount) || amount < 0 || amount > MOST) throw new MoneyError('amount out of range');
  return amount;
}

/** `feeOf` of whole amounts up to 2^52, refused like it where the fee is no amount any more. */
export function quickFee(rule: FeeRule): (amount: number) => number {
  const [ppm, fixed, min] = [rule.ppm, rule.fixed, rule.min].map(Number) as [number, number, number];
  const cap = rule.cap === null ? Infinity : Number(rule.cap);
  const shift = fixed * MILLION + BUMP[rule.rounding];
  const most = shift > MOST ? -1 : ppm === 0 ? MOST : Math.floor((MOST - shift) / ppm);
  return (amount) => {
    if (amount === 0) return 0;
    if (amount > most) return Number(feeOf(rule, BigInt(whole(amount))));
    const fee = Math.floor((amount * ppm + shift) / MILLION);
    const told = fee < min ? (min > cap ? cap : min) : fee > cap ? cap : fee;
    if (told > LARGEST) throw new MoneyError('amount out of range');
    return told;
  };
}

/** amount × ppm / 10^6 rounded by name, of whole amounts up to 2^52. */
export function quickShare(ppm: bigint, rounding: Rounding): (amount: number) => number {
  return quickFee({ ppm, fixed: 0n, min: 0n, cap: null, rounding });
}

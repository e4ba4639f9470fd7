import { clawBack } from './claw-back';
import { divide, MoneyError } from './money';

/** What was given as one part of a whole, and what of it is taken back by now. 0 ≤ back ≤ given. */
export interface Part {
  given: bigint;
  back: bigint;
}

/**
 * Splits what is taken back of a whole over the parts it was made of, each by the claw-back formula with C(x) = its share of
 * x, rounded half up. The parts add up to `amount`; no part is negative or gives back more than it was; when all of the
 * whole is taken back, every part has given back exactly what it was. That also holds when takings are undone in any order.
 * @param amount > 0 and at most what is left of all parts
 * @throws MoneyError otherwise
 */
export function takeBack(parts: readonly Part[], amount: bigint): bigint[] {
  const whole = total(parts, (part) => part.given);
  const back = total(parts, (part) => part.back) + amount;
  if (amount <= 0n || back > whole) throw new MoneyError('only what is left can be taken back');
  let rest = amount;
  let room = total(parts, leftOf);
  return parts.map((part) => {
    room -= leftOf(part);
    const share = clamp(shareOf(part, whole, back), largest(0n, rest - room), smallest(rest, leftOf(part)));
    rest -= share;
    return share;
  });
}

/**
 * What is due back of a gift that came with a whole, when `back` of the whole is taken back in all, this time included.
 * Never negative, and never more than what is left of the gift; with the last of the whole, all that is left.
 */
export function giftDue(gift: Part, whole: bigint, back: bigint): bigint {
  return clamp(shareOf(gift, whole, back), 0n, leftOf(gift));
}

const shareOf = (part: Part, whole: bigint, back: bigint): bigint =>
  clawBack((amount) => divide(part.given * amount, whole), whole, back, part.back);

const leftOf = ({ given, back }: Part): bigint => given - back;
const total = (parts: readonly Part[], of: (part: Part) => bigint): bigint =>
  parts.reduce((sum, part) => sum + of(part), 0n);
const smallest = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const clamp = (value: bigint, least: bigint, most: bigint): bigint => largest(least, smallest(most, value));

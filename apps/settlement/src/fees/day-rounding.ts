import { divide, splitByLargestRemainder } from '@yidian/money';
import type { FeeRule } from './fee';

/** A payment whose fee is rounded with its day's. */
export interface OfDay {
  attempt: string;
  amount: bigint;
}

/**
 * One fee for all of a day's payments of a schedule: F = round(Σ a·ppm / 10^6), its parts by largest remainder, ties by
 * attempt number. The parts add up to F and depend on nothing but the set of payments.
 * @returns the part of each payment, in the order given
 */
export function roundDay(rule: Pick<FeeRule, 'ppm' | 'rounding'>, payments: readonly OfDay[]): bigint[] {
  const total = payments.reduce((sum, { amount }) => sum + amount, 0n);
  const fee = divide(total * rule.ppm, 1_000_000n, rule.rounding);
  const order = payments.map((_, i) => i).sort((a, b) => (attemptOf(payments, a) < attemptOf(payments, b) ? -1 : 1));
  const parts = payments.map(() => 0n);
  if (fee === 0n) return parts;
  const split = splitByLargestRemainder(
    fee,
    order.map((i) => payments[i]?.amount ?? 0n),
  );
  order.forEach((i, place) => (parts[i] = split[place] ?? 0n));
  return parts;
}

const attemptOf = (payments: readonly OfDay[], i: number): string => payments[i]?.attempt ?? '';

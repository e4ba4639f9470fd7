import { MoneyError, divide, inRange, splitByShares, type Rounding } from '@yidian/money';

/** Who carries a fee. Never the payer. */
export type Bearer = 'home' | 'acquiring' | 'hq' | 'partner';

export interface BearerShare {
  party: Bearer;
  ppm: bigint;
}

/** What is left with us of a payment's fee when the payment is refunded. */
export type RefundPolicy = 'kept' | 'proportional' | 'as_statement';

/** `netted`: the statement keeps the fee back. `invoiced`: it pays out gross and sends a bill each month. */
export type FeeCollection = 'netted' | 'invoiced';

/** The contract's price rule. Amounts are minor units; ppm = parts per million, 3800 = 0.38 %. */
export interface FeeRule {
  ppm: bigint;
  fixed: bigint;
  min: bigint;
  /** null: no cap. */
  cap: bigint | null;
  rounding: Rounding;
}

const PPM = 1_000_000n;

/**
 * Fee of one payment: `clamp(round(a·ppm/10^6 + fixed), min, cap)`. Nothing was paid, nothing is charged. The minimum may
 * exceed a tiny payment: contracts allow it.
 * @throws MoneyError for a negative amount: refunds go through `feeOfRefund`
 */
export function feeOf(rule: FeeRule, amount: bigint): bigint {
  if (amount < 0n) throw new MoneyError('a fee is charged on a positive amount');
  if (amount === 0n) return 0n;
  const fee = divide(amount * rule.ppm + rule.fixed * PPM, PPM, rule.rounding);
  const raised = fee < rule.min ? rule.min : fee;
  return inRange(rule.cap !== null && raised > rule.cap ? rule.cap : raised);
}

export interface BearerPart {
  party: Bearer;
  amount: bigint;
}

/** Splits a fee among its bearers: each part floored, the rest to the first named, Σ parts = fee. */
export function splitFee(fee: bigint, bearers: readonly BearerShare[]): BearerPart[] {
  const parts = splitByShares(
    fee,
    bearers.map((bearer) => bearer.ppm),
  );
  return bearers.map((bearer, i) => ({ party: bearer.party, amount: parts[i] ?? 0n })).filter((p) => p.amount !== 0n);
}

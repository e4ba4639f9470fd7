import { splitTax } from '@yidian/money';

/** A month of one earner before its statement. All minor units; `clawed` and `carriedIn` ≥ 0. */
export interface EarnerMonth {
  earned: bigint;
  clawed: bigint;
  trueUp: bigint;
  /** Claw-backs of earlier months that the cap held back. */
  carriedIn: bigint;
  /** What earlier months left negative, ≤ 0. */
  negativeIn: bigint;
  /** How much of what is earned claw-backs may take, ppm; null: all and more. */
  capPpm: bigint | null;
  taxPpm: bigint;
}

export interface EarnerStatement {
  /** Of the claw-backs, this month's and carried ones. */
  taken: bigint;
  carriedOut: bigint;
  /** Due to the earner, tax included; never negative. */
  payable: bigint;
  /** What the month leaves negative: it goes against the next. */
  negativeOut: bigint;
  net: bigint;
  tax: bigint;
}

/**
 * What an earner is told: claw-backs up to the cap are taken now and the rest is carried; a month below nothing pays nothing
 * and is carried, too. earned + trueUp − clawed = payable + negativeOut − negativeIn − (carriedOut − carriedIn), always.
 */
export function earnerStatement(month: EarnerMonth): EarnerStatement {
  const earned = month.earned + month.trueUp;
  const owed = month.clawed + month.carriedIn;
  const most = month.capPpm === null ? owed : ((earned > 0n ? earned : 0n) * month.capPpm) / 1_000_000n;
  const taken = owed < most ? owed : most;
  const left = earned - taken + month.negativeIn;
  const payable = left > 0n ? left : 0n;
  return { taken, carriedOut: owed - taken, payable, negativeOut: left - payable, ...splitTax(payable, month.taxPpm) };
}

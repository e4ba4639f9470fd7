export interface SizeQuestion {
  /** What the number has now. */
  balance: bigint;
  /** Payments that are under way for it, and other occasions that have been noticed. */
  underWay: bigint;
  threshold: bigint;
  target: bigint;
  /** Of this month, what this rule may still take. */
  left: bigint;
  accepts: { min: bigint; max: bigint; step: bigint };
}

export type Sized = { topUp: bigint } | { none: 'enough' | 'cap' };

/**
 * How much is missing, what is under way counted as if it were there. Rounded up to what the branch takes; more than the
 * month's rest is cut down, and nothing is paid where that leaves less than the branch takes.
 */
export function sizeTopup({ balance, underWay, threshold, target, left, accepts }: SizeQuestion): Sized {
  const has = balance + underWay;
  if (has >= threshold || has >= target) return { none: 'enough' };
  const step = accepts.step > 0n ? accepts.step : 1n;
  const missing = target - has;
  const rounded = ((missing + step - 1n) / step) * step;
  const wanted = atMost(rounded < accepts.min ? accepts.min : rounded, accepts.max);
  const cut = wanted > left ? (left / step) * step : wanted;
  return cut < accepts.min ? { none: 'cap' } : { topUp: cut };
}

const atMost = (value: bigint, most: bigint): bigint => (value > most ? most : value);

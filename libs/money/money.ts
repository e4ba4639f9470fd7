/**
 * Money is bigint minor units (fen for CNY) and a currency. No float ever touches an amount:
 * parsing, rounding, splitting and printing happen here and nowhere else.
 * Rounding is always named; a split always says who gets the remainder.
 */

/** Minor units, branded so that a bare bigint (a count, a sequence) cannot be passed as money by accident. */
export type Minor = bigint & { readonly __brand?: 'minor' };

export type Currency = 'CNY';

/** Digits after the point, per ISO 4217. One carrier profile has one currency; another is refused, never converted. */
const SCALE: Readonly<Record<Currency, number>> = { CNY: 2 };

/** Largest amount that fits BIGINT SIGNED and leaves room for sums of a day: 10^15 fen = 10 trillion yuan. */
export const MAX_MINOR = 1_000_000_000_000_000n;

export class MoneyError extends Error {
  override readonly name = 'MoneyError';
}

export function isCurrency(value: string): value is Currency {
  return Object.hasOwn(SCALE, value);
}

/** Throws when the amount is out of the range that every table and file can hold. */
export function inRange(amount: bigint): Minor {
  if (amount > MAX_MINOR || amount < -MAX_MINOR) throw new MoneyError('amount out of range');
  return amount;
}

/** From public JSON: a safe integer of minor units. A fraction, a string, or more than 2^53−1 throws. */
export function fromJson(value: unknown): Minor {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new MoneyError('amount must be a safe integer');
  return inRange(BigInt(value));
}

/** To public JSON: a safe integer of minor units. */
export function toJson(amount: bigint): number {
  inRange(amount);
  return Number(amount);
}

/** From RPC and files: a string of digits with an optional minus sign, no leading zeros beyond a single 0. */
export function fromDigits(value: string): Minor {
  if (!/^-?(0|[1-9]\d{0,17})$/.test(value)) throw new MoneyError('amount must be a string of digits');
  return inRange(BigInt(value));
}

/** To RPC and files. */
export function toDigits(amount: bigint): string {
  return inRange(amount).toString();
}

/**
 * Parses a decimal in major units ("50", "50.00", "-1,234.50", "¥12.5") to minor units, exactly.
 * More decimals than the currency has are accepted only when they are zeros.
 */
export function parseMajor(text: string, currency: Currency = 'CNY'): Minor {
  const scale = SCALE[currency];
  const match = /^([-−+]?)[¥￥]?(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (!match) throw new MoneyError('not an amount');
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  if (/[1-9]/.test(fraction.slice(scale))) throw new MoneyError('more decimals than the currency has');
  const minor = BigInt(whole.replaceAll(',', '') + kept);
  return inRange(sign === '-' || sign === '−' ? -minor : minor);
}

/** Plain decimal in major units for files: `-1234.50`, no grouping, always the currency's decimals. */
export function formatMajor(amount: bigint, currency: Currency = 'CNY'): string {
  const scale = SCALE[currency];
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const body = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return amount < 0n ? `-${body}` : body;
}

export function sum(amounts: Iterable<bigint>): Minor {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return inRange(total);
}

export type Rounding = 'half_up' | 'down' | 'up';

/**
 * n / d rounded to an integer. `half_up` takes halves away from zero; `down` and `up` mean towards and away from zero.
 * @throws MoneyError when d is not positive
 */
export function divide(n: bigint, d: bigint, rounding: Rounding = 'half_up'): bigint {
  if (d <= 0n) throw new MoneyError('divisor must be positive');
  const negative = n < 0n;
  const abs = negative ? -n : n;
  const quotient = abs / d;
  const rest = abs % d;
  const bump = rounding === 'half_up' ? 2n * rest >= d : rounding === 'up' ? rest > 0n : false;
  const rounded = bump ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

/** amount × ppm / 10^6, rounded by name. ppm = parts per million: 3800 ppm = 0.38 %. */
export function ofPpm(amount: bigint, ppm: bigint, rounding: Rounding = 'half_up'): Minor {
  return inRange(divide(amount * ppm, 1_000_000n, rounding));
}

/**
 * Splits a whole by weights so that the parts add up to it exactly: each part is floored, the rest goes out one unit
 * at a time to the largest remainders, ties to the lower index (callers sort by code or number first).
 * @throws MoneyError when weights are negative or all zero
 */
export function splitByLargestRemainder(whole: bigint, weights: readonly bigint[]): Minor[] {
  if (whole < 0n) return splitByLargestRemainder(-whole, weights).map((part) => -part);
  if (weights.some((w) => w < 0n)) throw new MoneyError('weights must not be negative');
  const total = weights.reduce((a, b) => a + b, 0n);
  if (total === 0n) throw new MoneyError('weights must not all be zero');
  const parts = weights.map((w) => (whole * w) / total);
  let rest = whole - parts.reduce((a, b) => a + b, 0n);
  const order = weights
    .map((w, index) => ({ index, remainder: (whole * w) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of order) {
    if (rest === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    rest -= 1n;
  }
  return parts;
}

/** Splits by ppm shares that sum to 1,000,000: each part floored, the remainder to the first named. */
export function splitByShares(whole: bigint, sharesPpm: readonly bigint[]): Minor[] {
  if (sharesPpm.reduce((a, b) => a + b, 0n) !== 1_000_000n) throw new MoneyError('shares must sum to 1000000 ppm');
  if (whole < 0n) return splitByShares(-whole, sharesPpm).map((part) => -part);
  const parts = sharesPpm.map((ppm) => (whole * ppm) / 1_000_000n);
  parts[0] = (parts[0] ?? 0n) + whole - parts.reduce((a, b) => a + b, 0n);
  return parts;
}

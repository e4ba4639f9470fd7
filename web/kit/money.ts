/**
 * Amounts as people read them. Input is integer minor units (a safe integer, as public JSON carries it); the arithmetic
 * stays in bigint so that no figure is ever shown through a float.
 */

/** `¥1,234.50` for sentences; minus is U+2212 on screen. */
export function yuan(minor: number): string {
  return figure(minor).replace(/^(−?)/, '$1¥');
}

/** `1,234.50` for table cells, whose column head names the unit. `null` (nothing there) is `–`; zero is `0.00`. */
export function figure(minor: number | null | undefined): string {
  if (minor === null || minor === undefined) return '–';
  if (!Number.isSafeInteger(minor)) throw new RangeError('amount must be integer minor units');
  const whole = BigInt(minor);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(3, '0');
  const body = `${group(digits.slice(0, -2))}.${digits.slice(-2)}`;
  return whole < 0n ? `−${body}` : body;
}

/** `1,204,331` */
export function count(value: number): string {
  return group(Math.trunc(value).toString());
}

/** Yuan as a person types it ("50", "50.5") to minor units; null when it is not an amount above zero. */
export function parseYuan(text: string): number | null {
  const match = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const minor = BigInt((match[1] ?? '') + (match[2] ?? '').padEnd(2, '0'));
  return minor > 0n ? Number(minor) : null;
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const BEIJING = 8 * 3_600_000;
const YEARS_TRIED = [-1, 0, 1] as const;

/** `yyyyMMddHHmmss` in Beijing, as UnionPay writes the time of an order; the same instant gives the same text. */
export const txnTime = (at: Date): string =>
  new Date(at.getTime() + BEIJING).toISOString().replace(/\D/g, '').slice(0, 14);

/** YYYY-MM-DD in Beijing. */
export const beijingDate = (at: Date): string => new Date(at.getTime() + BEIJING).toISOString().slice(0, 10);

/** @returns null for what is no moment */
export function txnInstant(text: string | undefined): Date | null {
  const [, year, ...parts] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  return year === undefined ? null : moment(Number(year), parts);
}

/** `MMddHHmmss` has no year: the one that brings it nearest to `near`. */
export function nearestInstant(text: string | undefined, near: Date): Date | null {
  const [, ...parts] = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  return parts.length === 0 ? null : nearest(near, (year) => moment(year, parts));
}

/** `MMDD` of an accounting day: YYYY-MM-DD in the year that brings it nearest to `near`. */
export function nearestDate(text: string | undefined, near: Date): string | null {
  const [, m, d] = /^(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  if (m === undefined || d === undefined) return null;
  const noon = nearest(near, (year) => moment(year, [m, d, '12']));
  return noon && beijingDate(noon);
}

function nearest(near: Date, inYear: (year: number) => Date | null): Date | null {
  const year = new Date(near.getTime() + BEIJING).getUTCFullYear();
  let best: Date | null = null;
  for (const by of YEARS_TRIED) {
    const at = inYear(year + by);
    if (at && (!best || distance(at, near) < distance(best, near))) best = at;
  }
  return best;
}

const distance = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());

/** 29 February of a common year is no moment; 24:00:00 is none either. */
function moment(year: number, parts: readonly string[]): Date | null {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24;
  return exists && minute < 60 && second < 60 ? new Date(local.getTime() - BEIJING) : null;
}

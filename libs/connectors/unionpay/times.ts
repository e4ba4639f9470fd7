const BEIJING = 8 * 3_600_000;
const YEARS_TRIED = [-1, 0, 1] as const;

/** `yyyyMMddHHmmss` in Beijing, as UnionPay writes the time of an order; the same instant gives the same text. */
export const txnTime = (at: Date): string =>
  new Date(at.getTime() + BEIJING).toISOString().replace(/\D/g, '').slice(0, 14);

/** YYYY-MM-DD in Beijing. */
export const beijingDate = (at: Date): string => new Date(at.getTime() + BEIJING).toISOString().slice(0, 10);

/** @returns null for what is no moment */
export function txnInstant(text: string | undefined): Date | null {
  const [, y, m, d, h, i, s] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  return y === undefined ? null : moment(`${y}-${m}-${d}T${h}:${i}:${s}`);
}

/** `MMddHHmmss` has no year: the one that brings it nearest to `near`. */
export function nearestInstant(text: string | undefined, near: Date): Date | null {
  const [, m, d, h, i, s] = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  if (m === undefined) return null;
  return nearest(near, (year) => moment(`${year}-${m}-${d}T${h}:${i}:${s}`));
}

/** `MMDD` of an accounting day: YYYY-MM-DD in the year that brings it nearest to `near`. */
export function nearestDate(text: string | undefined, near: Date): string | null {
  const [, m, d] = /^(\d{2})(\d{2})$/.exec(text ?? '') ?? [];
  if (m === undefined) return null;
  const noon = nearest(near, (year) => moment(`${year}-${m}-${d}T12:00:00`));
  return noon && beijingDate(noon);
}

function nearest(near: Date, inYear: (year: number) => Date | null): Date | null {
  const year = Number(beijingDate(near).slice(0, 4));
  const candidates = YEARS_TRIED.flatMap((by) => inYear(year + by) ?? []);
  const distance = (at: Date): number => Math.abs(at.getTime() - near.getTime());
  return candidates.sort((one, other) => distance(one) - distance(other))[0] ?? null;
}

/** 29 February of a common year is no moment; 24:00:00 is none either. */
function moment(local: string): Date | null {
  const at = new Date(`${local}+08:00`);
  if (Number.isNaN(at.getTime())) return null;
  return new Date(at.getTime() + BEIJING).toISOString().startsWith(local) ? at : null;
}

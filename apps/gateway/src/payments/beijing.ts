const AHEAD_MS = 8 * 3600 * 1000;

/** Calendar date in Asia/Shanghai, `YYYY-MM-DD`: limits count by it. */
export const beijingDay = (at: Date): string => new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, 10);
/** Calendar month in Asia/Shanghai, `YYYY-MM`. */
export const beijingMonth = (at: Date): string => beijingDay(at).slice(0, 7);
/** The month before one, `YYYY-MM`. */
export const monthBefore = (month: string): string => {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of - 2, 1)).toISOString().slice(0, 7);
};
/** `HH:mm` in Asia/Shanghai. */
export const beijingTime = (at: Date): string => new Date(at.getTime() + AHEAD_MS).toISOString().slice(11, 16);

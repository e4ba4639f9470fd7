import { beijingDay } from '../payments/beijing';

const DAY_MS = 24 * 3_600_000;
/** Beijing is ahead of UTC by that much, all year. */
const AHEAD_MS = 8 * 3_600_000;

/** That hour of a Beijing calendar day. */
export function beijingHour(day: string, hour: number): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - AHEAD_MS + hour * 3_600_000);
}

export const laterDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The day of a month, or its last one where the month is shorter. */
export function dayIn(month: string, dayOfMonth: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return `${month}-${String(Math.min(dayOfMonth, last)).padStart(2, '0')}`;
}

/** The next such day whose hour is still to come. */
export function nextMonthly(now: Date, dayOfMonth: number, hour: number): string {
  const month = beijingDay(now).slice(0, 7);
  const day = dayIn(month, dayOfMonth);
  if (beijingHour(day, hour) > now) return day;
  return dayIn(laterDay(`${month}-28`, 7).slice(0, 7), dayOfMonth);
}

/** `明天` or `11月25日`, as texts say it. */
export function dayWords(day: string, now: Date): string {
  const today = beijingDay(now);
  if (day === today) return '今天';
  if (day === laterDay(today, 1)) return '明天';
  const [, month = '', date = ''] = day.split('-');
  return `${Number(month)}月${Number(date)}日`;
}

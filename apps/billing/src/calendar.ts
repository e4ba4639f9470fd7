import { DateTime } from 'luxon';

const MINUTE_MS = 60_000;
let minute = Number.NaN;
let dateOfMinute = '';

/**
 * Calendar date in Asia/Shanghai, `YYYY-MM-DD`: segments, ported numbers and registrations are dated by it. Days begin with a
 * minute, so what was worked out holds for the rest of it: callers come thousands of times in one.
 */
export function shanghaiDate(at: Date): string {
  const ours = Math.floor(at.getTime() / MINUTE_MS);
  if (ours !== minute) {
    dateOfMinute = DateTime.fromMillis(ours * MINUTE_MS, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd');
    minute = ours;
  }
  return dateOfMinute;
}

/** 1 to 31, in Asia/Shanghai. */
export const dayOfMonth = (at: Date): number => Number(shanghaiDate(at).slice(8));

/** Payment numbers begin yyMMdd; everything keyed by one takes its day from it, so that the key alone finds the row. */
export function dayOfPayment(paymentNo: string): string {
  return `20${paymentNo.slice(0, 2)}-${paymentNo.slice(2, 4)}-${paymentNo.slice(4, 6)}`;
}

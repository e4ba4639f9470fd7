import { DateTime } from 'luxon';

/** Calendar date in Asia/Shanghai, `YYYY-MM-DD`: segments, ported numbers and registrations are dated by it. */
export function shanghaiDate(at: Date): string {
  return DateTime.fromJSDate(at, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd');
}

/** 1 to 31, in Asia/Shanghai. */
export function dayOfMonth(at: Date): number {
  return DateTime.fromJSDate(at, { zone: 'Asia/Shanghai' }).day;
}

/** Payment numbers begin yyMMdd; everything keyed by one takes its day from it, so that the key alone finds the row. */
export function dayOfPayment(paymentNo: string): string {
  return `20${paymentNo.slice(0, 2)}-${paymentNo.slice(2, 4)}-${paymentNo.slice(4, 6)}`;
}

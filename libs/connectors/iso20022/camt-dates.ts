import { nodeAt, textAt, type XmlNode } from './xml-tree';

/** Where no zone is written, bank files mean the bank's own clock; ours are Chinese. */
const BANK_ZONE = '+08:00';

/** `Dt` or `DtTm` below a date element → the instant; a day is its first instant; null when it is no date. */
export function instantIn(choice: XmlNode | undefined): Date | null {
  return instantOf(textAt(choice, 'DtTm')) ?? instantOf(textAt(choice, 'Dt'));
}

/** An XML date or date-time. */
export function instantOf(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!match) return null;
  const [, day = '', time = '00:00:00', zone = BANK_ZONE] = match;
  // The 24:00 of XML dates and hours written without seconds are both in use.
  const at = new Date(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  if (Number.isNaN(at.getTime()) || !isDay(day)) return null;
  return at;
}

/** Engines differ in rolling 30 February over; a day that does not exist is no date. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day;
}

/** `YYYY-MM-DD` as written, whichever of `Dt` and `DtTm` is there; '' when none is. */
export function dayIn(choice: XmlNode | undefined): string {
  const written = textAt(choice, 'Dt') || textAt(choice, 'DtTm');
  return instantOf(written) ? written.slice(0, 10) : '';
}

/** The last day that a statement covers, as it says so. */
export function lastDayOf(period: XmlNode | undefined): string {
  const written = textAt(period, 'ToDtTm') || textAt(period, 'ToDt') || textAt(nodeAt(period, 'ToDt'), 'Dt');
  return instantOf(written) ? written.slice(0, 10) : '';
}

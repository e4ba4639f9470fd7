import { fromDecimal, MoneyError } from '@yidian/money';

/**
 * What Alipay says, in an answer or in a notification: names and texts. Numbers keep the text they were written as, so that
 * no amount ever passes a float; lists and objects keep their JSON.
 */
export type Word = Readonly<Record<string, string>>;

/** '' for what is not there. */
export const said = (word: Word, name: string): string => word[name] ?? '';

/** Yuan with at most two decimals → fen; null when it is no such amount. */
export function yuan(text: string): bigint | null {
  try {
    return fromDecimal(text, 2);
  } catch (error) {
    if (error instanceof MoneyError) return null;
    throw error;
  }
}

const BEIJING = 8 * 3_600_000;

/** `2026-11-22 12:00:00` in Beijing, as Alipay writes and takes times. */
export const beijingTime = (at: Date): string =>
  new Date(at.getTime() + BEIJING).toISOString().slice(0, 19).replace('T', ' ');

/** The calendar day in Beijing: Alipay's accounting date. */
export const beijingDate = (at: Date): string => beijingTime(at).slice(0, 10);

/** Null when it is no time; notifications about refunds write parts of a second. */
export function instant(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?$/.exec(text);
  if (!match) return null;
  const at = new Date(`${match[1]}T${match[2]}${match[3] ?? ''}+08:00`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Whoever keeps an accounting day and sends a statement of it: the bank, and partners who collect. */
export interface StatementSource {
  /** The day it is in. */
  readonly date: string;
  cut(date: string): void;
  statement(date: string): string | null;
}

export type StatementAnswer = { status: 200; text: string } | { status: 404; code: 'not_ready' | 'none_today' };

/** A day's file exists only when the day is over. */
export function answerStatement(source: StatementSource, date: string): StatementAnswer {
  if (date >= source.date) return { status: 404, code: 'not_ready' };
  const text = source.statement(date);
  return text === null ? { status: 404, code: 'none_today' } : { status: 200, text };
}

/** @param date `YYYY-MM-DD` */
export function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

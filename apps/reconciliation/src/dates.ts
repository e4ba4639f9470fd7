/** Calendar arithmetic on plain dates (Asia/Shanghai days written YYYY-MM-DD); no clock and no zone enters. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one to the other; never less than none. */
export function daysFrom(from: string, to: string): number {
  return Math.max(0, (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

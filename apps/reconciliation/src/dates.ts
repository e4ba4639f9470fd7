/** Calendar arithmetic on plain dates (Asia/Shanghai days written YYYY-MM-DD); no clock and no zone enters. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

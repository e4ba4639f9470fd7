/** YYYY-MM, of the business dates. */
export function monthBefore(month: string): string {
  const [year = 0, n = 0] = month.split('-').map(Number);
  return n === 1 ? `${year - 1}-12` : `${year}-${String(n - 1).padStart(2, '0')}`;
}

/** First and last date of a month. */
export function daysOf(month: string): { first: string; last: string } {
  const [year = 0, n = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, n, 0)).getUTCDate();
  return { first: `${month}-01`, last: `${month}-${String(last).padStart(2, '0')}` };
}

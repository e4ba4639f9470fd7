import { CHINA_DAYS, type YearDays } from './china-days';

const DAY_MS = 86_400_000;
/** No run of days off is longer: a search beyond it means that the data is wrong. */
const LONGEST_SEARCH = 40;

/**
 * Which dates banks work on. Weekends are off unless they are made up for; a year nobody has entered has its weekends and
 * the fixed days of the law (1 January, 1-2 May, 1-3 October) only, and `sourceOf` says so.
 */
export class WorkingDays {
  private readonly years = new Map<number, YearDays>();
  private readonly off = new Set<string>();
  private readonly makeUp = new Set<string>();

  /** @param more replaces the built-in row of the same year */
  constructor(more: readonly YearDays[] = []) {
    for (const row of [...CHINA_DAYS, ...more]) this.years.set(row.year, row);
    for (const { year, off, makeUp } of this.years.values()) {
      for (const range of off) for (const day of daysOf(year, range)) this.off.add(day);
      for (const day of makeUp) this.makeUp.add(`${year}-${day}`);
    }
  }

  sourceOf(date: string): YearDays['source'] | 'weekends' {
    return this.years.get(yearOf(date))?.source ?? 'weekends';
  }

  isWorking(date: string): boolean {
    if (this.makeUp.has(date)) return true;
    if (this.off.has(date)) return false;
    if (!this.years.has(yearOf(date)) && /-(01-01|05-0[12]|10-0[123])$/.test(date)) return false;
    const weekday = new Date(timeOf(date)).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  }

  /** The date itself when banks work on it, else the first after it. */
  onOrAfter(date: string): string {
    let at = date;
    for (let n = 0; n < LONGEST_SEARCH; n++, at = nextDay(at)) if (this.isWorking(at)) return at;
    throw new Error(`no working day within ${LONGEST_SEARCH} days of ${date}`);
  }

  /** The n-th working day after the date; 0: the date, or the first working day after it. */
  after(date: string, n: number): string {
    let at = n === 0 ? this.onOrAfter(date) : date;
    for (let left = n; left > 0; left--) at = this.onOrAfter(nextDay(at));
    return at;
  }
}

export const nextDay = (date: string): string => new Date(timeOf(date) + DAY_MS).toISOString().slice(0, 10);

/** Calendar date in Asia/Shanghai, which has no summer time. */
export const shanghaiDate = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

function* daysOf(year: number, range: string): Generator<string> {
  const [from = '', to = from] = range.split('..');
  const last = `${year}-${to}`;
  for (let at = `${year}-${from}`; at <= last; at = nextDay(at)) yield at;
}

const yearOf = (date: string): number => parseInt(date.slice(0, 4), 10);

function timeOf(date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) throw new Error('not a date');
  return time;
}

import { beijingDate } from './words';

const DAY_MS = 86_400_000;

/** Most lines of a file are of one day: its name is made once. */
export class DayNames {
  private from = Number.NaN;
  private name = '';

  of(at: Date): string {
    const since = at.getTime() - this.from;
    if (since >= 0 && since < DAY_MS) return this.name;
    this.name = beijingDate(at);
    this.from = Date.parse(`${this.name}T00:00:00+08:00`);
    return this.name;
  }
}

import type { NumberingRow } from '@yidian/contracts';

/** What was read of a file. A line that cannot be read is a finding, and the rest goes on. */
export interface FileRows {
  rows: NumberingRow[];
  badLines: number;
  /** The first of them, each with its place in the file. */
  findings: string[];
  /** Places that say different things of one number; such a file is taken in no part. */
  contradictions: string[];
}

const MOST_FINDINGS = 200;
const MOST_LETTERS = 200;

/** Collects what is wrong with a file without keeping a million sentences. */
export class Findings {
  private readonly texts: string[] = [];
  private readonly contradicting: string[] = [];
  private count = 0;

  bad(place: string, what: string): void {
    this.count += 1;
    if (this.texts.length < MOST_FINDINGS) this.texts.push(`${place}: ${what}`.slice(0, MOST_LETTERS));
  }

  contradiction(one: string, other: string, what: string): void {
    if (this.contradicting.length < MOST_FINDINGS) this.contradicting.push(`${one} and ${other}: ${what}`);
  }

  with(rows: NumberingRow[]): FileRows {
    return { rows, badLines: this.count, findings: this.texts, contradictions: this.contradicting };
  }
}

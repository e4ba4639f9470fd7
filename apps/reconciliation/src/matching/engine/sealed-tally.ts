import { WORDS } from './record';

/** How many sealed lines a home branch has under one code of channel and partner. */
export type SealedCount = [branch: number, code: number, n: number];

/** Branches are six digits and end in zeros: their first two tell them apart. */
const PROVINCES = 100;
const PROVINCE = 10_000;

/** Counts sealed lines by home branch and code while they are at hand: nobody has to open the sealed parts to know. */
export class SealedTally {
  private readonly byCode = new Map<number, Uint32Array>();
  private readonly others = new Map<string, SealedCount>();
  private last: { code: number; counts: Uint32Array } = { code: -1, counts: new Uint32Array(PROVINCES) };

  add(records: Uint32Array): void {
    for (let at = 0; at < records.length; at += WORDS) {
      const branch = records[at + 12] as number;
      const code = records[at + 14] as number;
      const place = branch / PROVINCE;
      if (!Number.isInteger(place) || place >= PROVINCES) this.other(branch, code);
      else {
        const counts = this.last.code === code ? this.last.counts : this.countsOf(code);
        counts[place] = (counts[place] as number) + 1;
      }
    }
  }

  /** Only what there is. */
  end(): SealedCount[] {
    const known = [...this.byCode].flatMap(([code, counts]) =>
      [...counts].flatMap((n, place): SealedCount[] => (n > 0 ? [[place * PROVINCE, code, n]] : [])),
    );
    return [...known, ...this.others.values()];
  }

  private countsOf(code: number): Uint32Array {
    const counts = this.byCode.get(code) ?? new Uint32Array(PROVINCES);
    this.byCode.set(code, counts);
    this.last = { code, counts };
    return counts;
  }

  private other(branch: number, code: number): void {
    const name = `${branch} ${code}`;
    const count = this.others.get(name) ?? [branch, code, 0];
    count[2]++;
    this.others.set(name, count);
  }
}

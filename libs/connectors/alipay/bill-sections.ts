import type { Cells } from './bill-cells';
import type { Total } from './bill-frame';
import type { BillLine, Section } from './bill-shape';

interface Sum {
  count: number;
  amount: bigint;
}

/** What was read and what was declared, by kind of lines: two errors that cancel each other out are still two. */
export class Sections {
  private readonly read = new Map<string, Sum>();
  private readonly declared = new Map<string, Sum>();

  constructor(private readonly sections: readonly Section[]) {}

  add(line: BillLine, cells: Cells): void {
    const section = this.sections.find((candidate) => candidate.holds(line));
    if (section) increase(this.read, section.name, 1, section.printed(cells));
  }

  /** False for a total of something else. */
  declare({ of, count, amount }: Total): boolean {
    if (this.sections.every(({ name }) => name !== of)) return false;
    increase(this.declared, of, count, amount);
    return true;
  }

  /** Declared − read; null when the file declares nothing. A kind without a total is declared as nothing. */
  compared(): { lines: number; amount: bigint; exact: boolean } | null {
    if (this.declared.size === 0) return null;
    const all = { lines: 0, amount: 0n, exact: true };
    for (const { name, sign } of this.sections) {
      const declared = this.declared.get(name) ?? NOTHING;
      const read = this.read.get(name) ?? NOTHING;
      all.lines += declared.count - read.count;
      all.amount += sign * (declared.amount - read.amount);
      all.exact &&= declared.count === read.count && declared.amount === read.amount;
    }
    return all;
  }
}

const NOTHING: Sum = { count: 0, amount: 0n };

function increase(sums: Map<string, Sum>, name: string, count: number, amount: bigint): void {
  const known = sums.get(name) ?? NOTHING;
  sums.set(name, { count: known.count + count, amount: known.amount + amount });
}

import type { StatementLine } from '../contract/statement';
import { columnsOf, split, type Cells } from './bill-cells';

/** One kind of Alipay's bills. */
export interface BillShape {
  name: string;
  /** Of the file's first line and of its name. */
  title: RegExp;
  /** Columns without which it is another file; the first one names the header. */
  needs: readonly string[];
  /** @throws Unreadable, MoneyError */
  line(cells: Cells): BillLine;
  sections: readonly Section[];
}
export type BillLine = Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'>;

/** One kind of lines that the bill sums for itself. */
export interface Section {
  /** As the total is called: `交易`, `退款`, `收入`, `支出`. */
  name: string;
  holds(line: BillLine): boolean;
  /** The column that the total sums, without sign, in fen. */
  printed(cells: Cells): bigint;
  /** Which way its money goes, seen from us. */
  sign: 1n | -1n;
}

export function isHeader(line: string, { needs }: BillShape): boolean {
  const columns = line.includes(needs[0] ?? '') ? columnsOf(split(line)) : null;
  return columns !== null && needs.every((name) => columns.has(name));
}

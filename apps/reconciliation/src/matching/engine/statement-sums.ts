import type { StatementTotals } from '../../statements/statement';
import { TotalsOfLines } from '../../statements/statement-totals';
import type { ChunkResult } from './statement-chunk';
import type { ReadLines } from './yd1-lines';

/** What the records say and what was read line by line, as one file. */
export function totalsOf(
  chunks: readonly ChunkResult[],
  { lines, named, unreadable, declared }: ReadLines,
): StatementTotals {
  const sum = (what: 'lines' | 'payments' | 'returns' | 'fees') =>
    chunks.reduce((total, chunk) => total + BigInt(chunk[what]), 0n);
  const odd = new TotalsOfLines();
  lines.forEach((line) => odd.line(line));
  named.forEach((line) => odd.namedLine(line));
  const rest = odd.totals({ unreadable: unreadable.length, unread: 0n, unreadFees: 0n });
  const all = (what: 'amount' | 'fee') => [...lines, ...named].reduce((total, line) => total + line[what], 0n);
  const read = { amount: sum('payments') + sum('returns') + all('amount'), fee: sum('fees') + all('fee') };
  return {
    ...rest,
    lines: Number(sum('lines')) + rest.lines,
    payments: sum('payments') + rest.payments,
    returns: sum('returns') + rest.returns,
    fees: sum('fees') + rest.fees,
    unread: declared ? declared.amount - read.amount : 0n,
    unreadFees: declared ? declared.fee - read.fee : 0n,
  };
}

/** The plain lines say nothing of where header and trailer stand among them. */
export function misplaced(chunks: readonly ChunkResult[], { header, declared }: ReadLines): string[] {
  const first = chunks[0]?.odd[0];
  const faults = [];
  if (!header || first?.offset !== 0) faults.push('the header is not the first line');
  const last = chunks.flatMap((chunk) => chunk.odd).at(-1);
  const taken = Math.max(0, ...chunks.map((chunk) => chunk.lastEnd));
  if (!declared || !last || last.offset < taken) faults.push('the trailer is not the last line');
  return faults;
}

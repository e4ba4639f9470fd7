export type LineKind = 'payment' | 'refund' | 'reversal';

/** One readable line of a provider's statement, in our words. */
export interface StatementLine {
  /** Line of the file, from 1; never part of a digest. */
  line: number;
  kind: LineKind;
  /** Our attempt, payment, refund or reversal number as the provider repeats it; may be empty. */
  ourRef: string;
  txnId: string;
  origTxnId: string;
  /** Signed minor units: taken positive, given back negative. */
  amount: bigint;
  /** Signed minor units: charged to us positive. */
  fee: bigint;
  currency: string;
  /** The provider's time, RFC 3339. */
  at: string;
  /** `notice`: the row tells of something not final (PROCESSING, FAIL, CHANGE); the refund query has the last word. */
  state: 'success' | 'notice';
  raw: string;
}

export interface UnreadableLine {
  line: number;
  reason: string;
  raw: string;
}

/** What the file says of itself, in its trailer; null where the format has none. */
export interface ControlTotals {
  lines: number;
  amount: bigint;
  fee: bigint;
}

export interface ParsedStatement {
  lines: StatementLine[];
  unreadable: UnreadableLine[];
  control: ControlTotals | null;
  /** What is wrong with the file as a whole: wrong party, wrong date, no trailer, totals that do not agree. */
  findings: string[];
}

/** The same line twice is the same content, whatever its place in the file. */
export function contentOf(line: StatementLine): string {
  const { kind, ourRef, txnId, origTxnId, amount, fee, currency, at, state } = line;
  return [kind, ourRef, txnId, origTxnId, amount, fee, currency, at, state].join('\u001f');
}

/** Sums over the readable lines in our currency, and what the trailer counts beyond them. */
export interface StatementTotals {
  lines: number;
  unreadable: number;
  payments: bigint;
  /** Refunds and reversals, negative. */
  returns: bigint;
  fees: bigint;
  unread: bigint;
  unreadFees: bigint;
}

export function totalsOf(statement: ParsedStatement): StatementTotals {
  const ours = statement.lines.filter((line) => line.state === 'success' && line.currency === 'CNY');
  const sum = (lines: readonly StatementLine[], what: 'amount' | 'fee') =>
    lines.reduce((total, line) => total + line[what], 0n);
  const all = (what: 'amount' | 'fee') => sum(statement.lines, what);
  return {
    lines: statement.lines.length,
    unreadable: statement.unreadable.length,
    payments: sum(
      ours.filter((line) => line.kind === 'payment'),
      'amount',
    ),
    returns: sum(
      ours.filter((line) => line.kind !== 'payment'),
      'amount',
    ),
    fees: sum(ours, 'fee'),
    unread: statement.control ? statement.control.amount - all('amount') : 0n,
    unreadFees: statement.control ? statement.control.fee - all('fee') : 0n,
  };
}

/** What our books of payments know too: the engine matches these. */
export type LineKind = 'payment' | 'refund' | 'reversal';

/**
 * Money of ours at the provider that no book of payments holds: charges that are no line's own fee, payouts to our bank,
 * money that came back to us (a dispute won, a refund that could not be delivered), and what the file does not explain.
 */
export const NAMED_KINDS = ['fee', 'payout', 'return', 'other'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** One readable line of a provider's statement, in our words. */
export interface StatementLine {
  /** Line of the file, from 1; never part of a digest. */
  line: number;
  /** Of the line's first byte; absent where the file is packed or has no lines. */
  offset?: number;
  kind: LineKind;
  /** A refund that nobody here asked for: the provider took the money back (charge-back, debit return). */
  returned?: boolean;
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

/** A line of the file that stands for itself: it is kept as a row, for payouts, for the month's fees, for people. */
export interface NamedLine extends Omit<StatementLine, 'kind' | 'returned'> {
  kind: NamedKind;
}

export interface UnreadableLine {
  line: number;
  offset?: number;
  reason: string;
  /** One letter per byte. */
  raw: string;
}

/** What the file says of itself, in its trailer; null where the format has none. */
export interface ControlTotals {
  lines: number;
  amount: bigint;
  fee: bigint;
}

/** The same line twice is the same content, whatever its place in the file. */
export function contentOf(line: StatementLine): string {
  const { kind, ourRef, txnId, origTxnId, amount, fee, currency, at, state } = line;
  return [kind, ourRef, txnId, origTxnId, amount, fee, currency, at, state].join('\u001f');
}

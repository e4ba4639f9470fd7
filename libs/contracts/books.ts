import { z } from 'zod';
import { plainDate, providerCode } from './common';

/**
 * Frozen books, spoken alike by gateway (payment book) and billing (credit book).
 * A book of (provider, date) = facts with that book_date and seq ≤ the vector's seq of their lane.
 */
export const factKind = z.enum([
  // gateway
  'submitted', // an attempt went out (amount = charged)
  'paid', // the provider took the money (amount = charged)
  'declined', // the attempt surely took nothing
  'unknown', // no answer
  'closed', // surely never paid
  'reversed', // undone within the provider's date
  'refund_submitted', // a refund or reversal was asked of the provider and is not final (refNo = its number)
  'refunded', // returned (amount = returned)
  'refund_failed',
  'returned', // the provider took it back
  // billing
  'credited', // cash credited (amount = face)
  'credit_rejected',
  'credit_voided',
  'credit_reversed', // taken back (amount = taken)
]);
export type FactKind = z.infer<typeof factKind>;

/** The columns of a fact's line, in the order in which they cross to reconciliation. */
export const FACT_LINE = [
  'lane_id',
  'seq',
  'provider',
  /** `2026-11-28`, as are all dates. */
  'book_date',
  /** The provider's own date when known; the only column that may be null. */
  'business_date',
  'kind',
  'payment_no',
  /** Attempt, refund or reversal number; empty for billing's facts of the payment itself. */
  'ref_no',
  /** Provider's transaction id when known. */
  'provider_txn_id',
  /** Minor units, digits. */
  'amount',
  'currency',
  /** Home branch of the number. */
  'branch',
  /** Branch that brought the payment (payer's branch or the channel's); earns commission. */
  'acquiring_branch',
  'channel',
  'partner',
  /** `2026-11-28 03:04:05.678`, UTC. */
  'occurred_at',
] as const;
export type FactLineColumn = (typeof FACT_LINE)[number];

/** What one answer to `books.pull` may hold: with a line of 200 bytes, 4 MB. */
export const MOST_FACTS_A_PULL = 20_000;

export const booksCut = z.object({ provider: providerCode, date: plainDate });
export const booksLanes = z.object({});
export const booksPull = z.object({
  laneId: z.number().int().positive(),
  after: z.string().regex(/^\d+$/),
  limit: z.number().int().min(1).max(MOST_FACTS_A_PULL),
});
export const booksTotals = z.object({ provider: providerCode, date: plainDate });
export const booksVector = booksTotals;

export interface VectorEntry {
  laneId: number;
  seq: string;
}
export interface CutReply {
  state: 'cutting' | 'frozen';
  epoch: number;
  /** Present once frozen. */
  vector: VectorEntry[];
}
export interface LanesReply {
  /** Every lane ever opened with its committed head. */
  lanes: { laneId: number; seq: string; state: 'open' | 'closed' }[];
}
/** Facts of one lane, numbered without a gap; the same facts are the same text whenever they are asked for. */
export interface PullReply {
  /** Of the first fact: always the one after `after`. */
  fromSeq: string;
  /** Of the last fact; `after` itself when there is none. */
  toSeq: string;
  n: number;
  /**
   * n lines, each ended by a newline: the columns of FACT_LINE with a tab between them. Inside a column a tab is `\t`, a
   * newline `\n`, a backslash `\\`; null is `\N`. Nothing else is escaped.
   */
  text: string;
}
export interface TotalsReply {
  /** Per kind: rows and sum of the facts of that book, recomputed at the source. */
  totals: { kind: FactKind; count: number; amount: string }[];
}
export interface OpenDateReply {
  provider: string;
  openDate: string;
}

/** The day a provider's book is open for, `books.openDate`. */
export const booksOpenDate = z.object({ provider: providerCode });

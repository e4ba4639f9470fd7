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

/** A fact as it crosses to reconciliation. */
export interface BookFact {
  laneId: number;
  seq: string;
  provider: string;
  bookDate: string;
  /** The provider's own date when known. */
  businessDate: string | null;
  kind: FactKind;
  paymentNo: string;
  /** Attempt, refund or reversal number; empty for billing's facts of the payment itself. */
  refNo: string;
  /** Provider's transaction id when known. */
  providerTxnId: string;
  amount: string;
  currency: string;
  /** Home branch of the number. */
  branch: string;
  /** Branch that brought the payment (payer's branch or the channel's); earns commission. */
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** ISO 8601, UTC. */
  occurredAt: string;
}

export const booksCut = z.object({ provider: providerCode, date: plainDate });
export const booksLanes = z.object({});
export const booksPull = z.object({
  laneId: z.number().int().positive(),
  after: z.string().regex(/^\d+$/),
  limit: z.number().int().min(1).max(5000),
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
export interface PullReply {
  facts: BookFact[];
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

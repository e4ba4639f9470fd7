import { z } from 'zod';
import { plainDate, providerCode } from './common';
import type { BreakClass } from './reconciliation';

/** items.page: what settlement settles: every readable statement line with its match. */
export const itemsPage = z.object({
  provider: providerCode,
  date: plainDate,
  runId: z.string(),
  after: z.string().default(''),
  limit: z.number().int().min(1).max(1000).default(1000),
  /** false: without the lines of sealed parts, for whoever reads these from the archive. */
  sealed: z.boolean().default(true),
});
export interface MatchedItem {
  /** Ordered, unique: the cursor. */
  id: string;
  kind: 'payment' | 'refund' | 'reversal';
  class: BreakClass;
  /** settles: matched → due; else suspense, under this item id. */
  matched: boolean;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  /** Signed: payments positive, refunds negative. */
  amount: string;
  /** As the statement says, signed the same way. */
  fee: string;
  currency: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** What was credited, signed the same way; absent: the amount. */
  face?: string;
  /** The provider's own product code, where its file has one. */
  product?: string;
}
export interface ItemsPageReply {
  items: MatchedItem[];
  next: string | null;
}

/** items.of_payments: the lines of a run's sealed parts that are these payments', as a page would give them. */
export const itemsOfPayments = z.object({
  runId: z.string(),
  paymentNos: z.array(z.string().min(1).max(32)).min(1).max(500),
});

/** matched.segments: where the sealed parts of a run lie in the archive; null when it has none. */
export const matchedSegments = z.object({ runId: z.string() });
export interface MatchedSegments {
  count: number;
  /** Code of a record → channel and partner. */
  names: [number, { channel: string; partner: string }][];
  /** In the order of the hashes. */
  segments: { n: number; path: string; sha256: string }[];
}

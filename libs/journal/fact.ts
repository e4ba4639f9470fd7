import type { FactKind } from '@yidian/contracts';

/** What a book is made of. Numbered, dated and chained by the lane that writes it; never updated. */
export interface FactInput {
  provider: string;
  kind: FactKind;
  paymentNo: string;
  /** Attempt, refund or reversal number; empty when there is none. */
  refNo: string;
  providerTxnId: string;
  /** Minor units. */
  amount: bigint;
  currency: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** The provider's own date when known; the book's date comes from the lane. */
  businessDate: string | null;
  occurredAt: Date;
}

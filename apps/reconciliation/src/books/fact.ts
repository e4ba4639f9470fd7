import type { FactKind } from '@yidian/contracts';

/** The two services whose books are compared with statements. */
export type BookService = 'gateway' | 'billing';
export const BOOK_SERVICES: readonly BookService[] = ['gateway', 'billing'];

/** A pulled fact: as its source wrote it, with the amount as minor units. */
export interface Fact {
  service: BookService;
  laneId: number;
  seq: bigint;
  provider: string;
  bookDate: string;
  businessDate: string | null;
  kind: FactKind;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  amount: bigint;
  currency: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** ISO 8601, UTC, milliseconds. */
  occurredAt: string;
}

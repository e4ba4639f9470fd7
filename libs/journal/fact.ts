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

export interface StoredFact extends FactInput {
  laneId: number;
  seq: bigint;
  bookDate: string;
}

export const FACT_COLUMNS = `lane_id, seq, provider, book_date, business_date, kind, payment_no, ref_no, provider_txn_id,
  amount, currency, branch, acquiring_branch, channel, partner, occurred_at`;

export type ColumnValue = string | number | bigint | Date | Buffer | null;

/** In the order of FACT_COLUMNS. */
export function factValues(fact: StoredFact): ColumnValue[] {
  return [
    fact.laneId,
    fact.seq,
    fact.provider,
    fact.bookDate,
    fact.businessDate,
    fact.kind,
    fact.paymentNo,
    fact.refNo,
    fact.providerTxnId,
    fact.amount,
    fact.currency,
    fact.branch,
    fact.acquiringBranch,
    fact.channel,
    fact.partner,
    fact.occurredAt,
  ];
}

export interface FactRow extends Record<string, unknown> {
  lane_id: number;
  seq: bigint;
  provider: string;
  book_date: string;
  business_date: string | null;
  kind: string;
  payment_no: string;
  ref_no: string;
  provider_txn_id: string;
  amount: bigint;
  currency: string;
  branch: string;
  acquiring_branch: string;
  channel: string;
  partner: string;
  occurred_at: Date;
}

export function factOfRow(row: FactRow): StoredFact {
  return {
    laneId: row.lane_id,
    seq: row.seq,
    provider: row.provider,
    bookDate: row.book_date,
    businessDate: row.business_date,
    kind: row.kind as FactKind,
    paymentNo: row.payment_no,
    refNo: row.ref_no,
    providerTxnId: row.provider_txn_id,
    amount: row.amount,
    currency: row.currency,
    branch: row.branch,
    acquiringBranch: row.acquiring_branch,
    channel: row.channel,
    partner: row.partner,
    occurredAt: row.occurred_at,
  };
}

/** The text of a row inside the batch hash: the same from memory and as it is read back. */
export function rowText(table: string, values: readonly ColumnValue[]): string {
  return JSON.stringify([table, ...values.map((value) => (value === null ? null : textOf(value)))]);
}

export const factText = (fact: StoredFact): string => rowText('fact', factValues(fact));

function textOf(value: Exclude<ColumnValue, null>): string {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

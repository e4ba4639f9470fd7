import type { FactKind } from '@yidian/contracts';
import { sqlString, sqlTime } from './sql-text';

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

/** The row as SQL, in the order of FACT_COLUMNS: what the batch hash covers. */
export function factSql(fact: FactInput, laneId: number, seq: bigint, bookDate: string): string {
  const { provider, businessDate, kind, paymentNo, refNo, providerTxnId } = fact;
  const { amount, currency, branch, acquiringBranch, channel, partner, occurredAt } = fact;
  const dates = `${sqlString(bookDate)},${businessDate === null ? 'NULL' : sqlString(businessDate)}`;
  const numbers = `${sqlString(paymentNo)},${sqlString(refNo)},${sqlString(providerTxnId)}`;
  const branches = `${sqlString(branch)},${sqlString(acquiringBranch)}`;
  const origin = `${branches},${sqlString(channel)},${sqlString(partner)}`;
  const money = `${amount},${sqlString(currency)}`;
  return `(${laneId},${seq},${sqlString(provider)},${dates},${sqlString(kind)},${numbers},${money},${origin},${sqlTime(occurredAt)})`;
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

export function factRow(fact: FactInput, laneId: number, seq: bigint, bookDate: string): FactRow {
  return {
    lane_id: laneId,
    seq,
    provider: fact.provider,
    book_date: bookDate,
    business_date: fact.businessDate,
    kind: fact.kind,
    payment_no: fact.paymentNo,
    ref_no: fact.refNo,
    provider_txn_id: fact.providerTxnId,
    amount: fact.amount,
    currency: fact.currency,
    branch: fact.branch,
    acquiring_branch: fact.acquiringBranch,
    channel: fact.channel,
    partner: fact.partner,
    occurred_at: fact.occurredAt,
  };
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

/** The text of a row inside the batch hash, for tables whose rows are not written as SQL by hand. */
export function rowText(table: string, values: readonly ColumnValue[]): string {
  return JSON.stringify([table, ...values.map((value) => (value === null ? null : textOf(value)))]);
}

/** The text of a fact inside the batch hash: the same from memory and as it is read back. */
export const factText = (fact: StoredFact): string => factSql(fact, fact.laneId, fact.seq, fact.bookDate);

function textOf(value: Exclude<ColumnValue, null>): string {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

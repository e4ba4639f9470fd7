import type { CreditState, PaymentState } from './payment.schema';
import type { HoldState, RefundState, ReturnState } from './payment.states';

/** Rows as the tables hold them; members carry the columns' names so that nothing stands between a row and its table. */
/** What is readonly never changes once it is written; all else is compared when a payment is written again. */
export interface PaymentRow {
  readonly payment_no: string;
  readonly day: string;
  state: PaymentState;
  credit_state: CreditState;
  version: number;
  readonly partner: string;
  readonly reference: string;
  readonly channel: string;
  provider: string;
  readonly funding: 'agreement' | 'cashier' | 'collected';
  readonly amount: bigint;
  readonly charged: bigint;
  refunded: bigint;
  readonly currency: string;
  readonly msisdn_masked: string;
  readonly msisdn_blind: string;
  readonly msisdn_sealed: string;
  readonly subscriber_id: string;
  readonly owner_version: number;
  readonly branch: string;
  readonly acquiring_branch: string;
  /** Who pays, comparable: the same payer, number and sum within a day is taken for a repeat. */
  payer_key: string;
  readonly payer_blind: string | null;
  readonly payer_masked: string | null;
  readonly payer_sealed: string | null;
  agreement_id: string | null;
  linked_id: string | null;
  nickname: string | null;
  account: string | null;
  provider_txn_id: string;
  business_date: string | null;
  /** Date of the book that holds the fact `paid`; the reversal window is over when that date is. */
  book_date: string | null;
  decline_code: string | null;
  /** 1: paid after we had told that it was not; credited or returned by the late-truth rule. */
  late: number;
  credit_code: string | null;
  credit_at: Date | null;
  balance_after: bigint | null;
  next_action: string | null;
  expires_at: Date | null;
  readonly replaces: string | null;
  /** First payment of a chain of replacements, itself included; null when nothing was replaced. */
  root_no: string | null;
  readonly detail: string;
  tries: number;
  due_at: Date | null;
  last_query_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** What `payment.detail` holds: nothing that any decision reads. */
export interface PaymentDetail {
  metadata?: Record<string, string>;
  teller?: string;
  taken_at?: string;
  /** Id of the message or session the order came by. */
  source?: string;
  /** Phone or browser it was ordered from, as the partner or the portal names it. */
  device?: string;
}

export type AttemptState = 'prepared' | 'pending' | 'succeeded' | 'declined' | 'not_executed' | 'unknown' | 'closed';

export interface AttemptRow {
  attempt_no: string;
  day: string;
  payment_no: string;
  provider: string;
  /** batch: it goes in a file, and its return file is the answer. */
  kind: 'debit' | 'cashier' | 'batch';
  state: AttemptState;
  amount: bigint;
  currency: string;
  provider_txn_id: string;
  code: string | null;
  /** How often the provider said it knows no such order. */
  not_found: number;
  submitted_at: Date;
  ended_at: Date | null;
}

export interface RefundRow {
  refund_no: string;
  day: string;
  kind: 'refund' | 'reversal';
  payment_no: string | null;
  /** Of a payment that was taken twice: the attempt whose money goes back; null: the payment's own. */
  attempt_no: string | null;
  partner: string;
  reference: string;
  state: RefundState;
  hold: HoldState;
  amount: bigint | null;
  currency: string | null;
  reason: string;
  actor: string;
  code: string | null;
  provider_txn_id: string;
  business_date: string | null;
  /** State of the payment to go back to when the refund fails for good. */
  from_state: PaymentState;
  tries: number;
  due_at: Date | null;
  created_at: Date;
  updated_at: Date;
  version: number;
}

export interface ReturnRow {
  return_no: string;
  day: string;
  payment_no: string;
  provider: string;
  /** How both books and billing know it: the provider's own transaction where it names one. */
  ref_no: string;
  provider_txn_id: string;
  state: ReturnState;
  amount: bigint;
  currency: string;
  reason: string;
  actor: string;
  evidence: string;
  /** 0: a statement told it, so the book of its date shows it already. */
  in_book: number;
  code: string | null;
  business_date: string | null;
  occurred_at: Date;
  tries: number;
  due_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface HistoryRow {
  payment_no: string;
  day: string;
  n: number;
  from_state: string;
  to_state: string;
  credit_from: string;
  credit_to: string;
  evidence: string;
  at: Date;
}

export interface KeyRow {
  scope: string;
  k: string;
  request_hash: string;
  members: string;
  object_kind: string;
  object_id: string;
  created_at: Date;
}

export interface ReferenceRow {
  partner: string;
  reference: string;
  payment_no: string | null;
  reversed_by: string | null;
  created_at: Date;
}

export interface EventRow {
  partner: string;
  object_id: string;
  sequence: number;
  type: string;
  previous_state: string | null;
  body: string;
  created_at: Date;
}

/** Date that every number of ours carries in front: `yyMMdd…`. */
export const dayOf = (number: string): string => `20${number.slice(0, 2)}-${number.slice(2, 4)}-${number.slice(4, 6)}`;

/** A refund, a reversal, or something that a provider took back, as a time line shows it. */
export interface AdjustmentRow {
  payment_no: string;
  what: string;
  state: string;
  code: string | null;
  amount: bigint | null;
  at: Date;
}

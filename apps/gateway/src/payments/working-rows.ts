import type { PaymentRow, RefundRow } from './payment.rows';
import type { PaymentState } from './payment.schema';

/** A message to a person that a move causes; written beside the move, sent later. */
export interface Notice {
  payment: PaymentRow;
  /** State the payment came from, for the choice of words. */
  from: PaymentState;
  refund: RefundRow | null;
}

/** Limits of what pays, locked with the batch. */
export interface LimitRow {
  id: string;
  state: string;
  limit_payment: bigint;
  limit_day: bigint;
  limit_month: bigint;
  /** What it may pay for altogether while it is new; null: it is not. */
  limit_cooling: bigint | null;
}

/** What is read of a payment to tell whether it is still the row its caller knows. */
export interface SeenRow {
  payment_no: string;
  version: number;
  tries: number;
}

/** News of something that is no payment. */
export interface ObjectEvent {
  partner: string;
  objectId: string;
  sequence: number;
  type: string;
  previousState: string | null;
  body: string;
}

/** Something that only people can judge, found out by a rule. */
export interface DoubtSeed {
  kind: 'attempt';
  objectNo: string;
  paymentNo: string;
  provider: string;
  amount: bigint;
  why: string;
}

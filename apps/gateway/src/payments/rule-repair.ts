import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { tellCredit, type CreditWord } from './rule-credit';
import { tellRefund } from './rule-refund-news';
import type { WorkingSet } from './working-set';

/** What the provider's statement says of it. */
export interface Shown {
  providerTxnId: string;
  businessDate: string;
}

/** A payment that the provider and billing know and we do not; two people said so. */
export interface RepairWrite {
  do: 'repair';
  paymentNo: string;
  /** State `created`, credit `none`, version 0. */
  payment: PaymentRow;
  /** The provider's reference; null: collected, it stands on the payment's own number. */
  attempt: AttemptRow | null;
  shown: Shown;
  credit: CreditWord;
  evidence: string;
}

/** A refund or reversal of a payment we know, which the provider and billing have done and we do not know of. */
export interface RepairRefundWrite {
  do: 'repair_refund';
  paymentNo: string;
  refund: RefundRow;
  shown: Shown;
  evidence: string;
}

export interface Repaired {
  result: 'repaired';
  payment: PaymentRow | null;
  /** False: we know it after all, or it cannot be so. */
  done: boolean;
}

/**
 * The rows as they would stand had we never lost them, with their facts in the book that is open now, marked with the date
 * of the statement: the next bridge shows it. What billing said of the credit decides how it goes on. Told again it changes
 * nothing.
 */
export function repair(set: WorkingSet, write: RepairWrite): Repaired {
  const known = set.payments.get(write.paymentNo);
  if (known) return { result: 'repaired', payment: known, done: known.detail === write.payment.detail };
  const { providerTxnId, businessDate } = write.shown;
  const payment = { ...write.payment, created_at: set.now, updated_at: set.now };
  payment.provider_txn_id = providerTxnId;
  payment.business_date = businessDate;
  payment.book_date = set.bookDate(payment.provider);
  set.addPayment(payment);
  if (write.attempt) set.addAttempt({ ...write.attempt, provider_txn_id: providerTxnId, ended_at: set.now });
  set.begin(payment, 'paid', 'requested');
  set.fact(payment, 'paid', write.attempt?.attempt_no ?? payment.payment_no, { businessDate });
  set.note(payment, write.evidence);
  tellCredit(set, { do: 'credit', paymentNo: write.paymentNo, word: write.credit, evidence: 'billing' });
  return { result: 'repaired', payment, done: true };
}

/** Billing has taken the value already: the refund begins where only the provider's word is missing, and has it. */
export function repairRefund(set: WorkingSet, write: RepairRefundWrite): Repaired {
  const payment = set.payments.get(write.paymentNo) ?? null;
  const known = set.refunds.get(write.refund.refund_no);
  if (!payment || known) return { result: 'repaired', payment, done: known?.state === 'succeeded' };
  const refund = { ...write.refund, from_state: payment.state, created_at: set.now, updated_at: set.now };
  const fits = payment.refunded + (refund.amount ?? 0n) <= payment.charged;
  if (!fits || (payment.state !== 'completed' && payment.state !== 'partially_refunded'))
    return { result: 'repaired', payment, done: false };
  set.addRefund(refund);
  set.move(payment, refund.kind === 'reversal' ? 'reversing' : 'refunding', write.evidence, refund);
  const word = { word: 'succeeded', ...write.shown, at: set.now } as const;
  const { paymentNo, evidence } = write;
  tellRefund(set, {
    do: 'refund_news',
    paymentNo,
    refundNo: refund.refund_no,
    attemptNo: null,
    word,
    evidence,
  });
  return { result: 'repaired', payment, done: true };
}

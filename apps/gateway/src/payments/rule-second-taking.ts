import { refundNumber } from './numbers';
import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { refundEvent } from './rule-refund';
import type { WorkingSet } from './working-set';

interface Taken {
  providerTxnId: string;
  businessDate: string | null;
  completedAt: Date;
}

interface GivenBack {
  providerTxnId: string;
  businessDate: string | null;
  at: Date;
}

/**
 * Whether another attempt came after it, at whatever provider: the payment stands on the last one. An attempt that has not
 * ended is the last; of one that has, those after it were loaded with it.
 */
export function isReplaced(set: WorkingSet, attempt: AttemptRow): boolean {
  if (attempt.ended_at === null) return false;
  const { payment_no, attempt_no } = attempt;
  return [...set.attempts.values()].some((other) => other.payment_no === payment_no && other.attempt_no > attempt_no);
}

/**
 * A provider that had said it did nothing, and to whose place another one came, says that it took the money after all. The
 * payment stands and falls with the attempt that followed, so this money belongs to the payer: it goes back whatever became
 * of the other. Nothing was credited for it, so nothing is held; the payment's state and sums are not touched.
 */
export function hearLate(
  set: WorkingSet,
  payment: PaymentRow,
  attempt: AttemptRow,
  word: Taken,
  evidence: string,
): void {
  if (attempt.state === 'succeeded') return;
  attempt.provider_txn_id = word.providerTxnId;
  attempt.state = 'succeeded';
  attempt.ended_at = set.now;
  set.touchAttempt(attempt);
  const { provider, amount } = attempt;
  set.note(payment, `${evidence}: ${provider} took the money of attempt ${attempt.attempt_no} after all`);
  set.fact(payment, 'paid', attempt.attempt_no, {
    ...{ provider, amount, providerTxnId: word.providerTxnId },
    ...{ businessDate: word.businessDate, occurredAt: word.completedAt },
  });
  const number = refundNumber(payment.payment_no, set.refundsOf(payment.payment_no).length + 1);
  set.addRefund(
    straightBack(set, payment, { number, amount, reason: 'duplicate_payment', attemptNo: attempt.attempt_no }),
  );
}

interface StraightBack {
  number: string;
  amount: bigint;
  reason: string;
  /** Of a second taking; null: of the payment itself. */
  attemptNo: string | null;
}

/** Nothing was credited for it, so nothing is held: the money goes straight back. */
export function straightBack(set: WorkingSet, payment: PaymentRow, back: StraightBack): RefundRow {
  return {
    refund_no: back.number,
    day: payment.day,
    kind: 'refund',
    payment_no: payment.payment_no,
    attempt_no: back.attemptNo,
    partner: payment.partner,
    reference: payment.reference,
    state: 'held',
    hold: 'none',
    amount: back.amount,
    currency: payment.currency,
    reason: back.reason,
    actor: 'platform',
    code: null,
    provider_txn_id: '',
    business_date: null,
    from_state: payment.state,
    tries: 0,
    due_at: set.now,
    created_at: set.now,
    updated_at: set.now,
    version: 0,
  };
}

/** A second taking is back with the payer: its own provider's book shows both, the payment stays as it is. */
export function givenBack(
  set: WorkingSet,
  payment: PaymentRow,
  { refund, attempt }: { refund: RefundRow; attempt: AttemptRow },
  { providerTxnId, businessDate, at }: GivenBack,
): void {
  refund.provider_txn_id = providerTxnId;
  refund.business_date = businessDate;
  set.moveRefund(refund, 'succeeded');
  refund.due_at = null;
  const { provider, amount } = attempt;
  set.note(payment, `${refund.refund_no}: ${provider} gave back what attempt ${attempt.attempt_no} took`);
  set.fact(payment, 'refunded', refund.refund_no, { provider, amount, providerTxnId, businessDate, occurredAt: at });
  refund.version++;
  refundEvent(set, payment, refund);
}

/** The payer is still short of it and no ladder goes on: people are told. */
export function notGivenBack(
  set: WorkingSet,
  payment: PaymentRow,
  { refund, attempt }: { refund: RefundRow; attempt: AttemptRow },
  code: string,
): void {
  refund.code = code;
  set.moveRefund(refund, 'failed');
  refund.due_at = null;
  const { provider, amount } = attempt;
  set.note(payment, `${refund.refund_no}: ${provider} does not give back attempt ${attempt.attempt_no}, ${code}`);
  set.fact(payment, 'refund_failed', refund.refund_no, { provider, amount, providerTxnId: '' });
  set.doubts.push({
    ...{ kind: 'attempt', objectNo: attempt.attempt_no, paymentNo: payment.payment_no },
    ...{ provider, amount, why: `taken twice, and ${refund.refund_no} failed: ${code}` },
  });
  refund.version++;
  refundEvent(set, payment, refund);
}

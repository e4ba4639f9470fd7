import type { AttemptRow, PaymentRow, RefundRow, ReturnRow } from './payment.rows';
import { refundEvent } from './rule-refund';
import type { WorkingSet } from './working-set';

/**
 * A provider takes back by itself what it had taken beside the payment: a charge-back of a second taking. Nothing was credited
 * for that money and the payment stands on another attempt, so neither is touched. A refund that has not left yet stays here:
 * the payer has his money. One that has left or was given may pay him twice: people look.
 */
export function takeBackSecond(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, row: ReturnRow): void {
  const { provider, attempt_no: attemptNo } = attempt;
  if (attempt.state !== 'succeeded') tookAfterAll(set, payment, attempt, row);
  if (row.in_book === 1)
    set.fact(payment, 'returned', row.ref_no, {
      ...{ provider, amount: row.amount, providerTxnId: row.provider_txn_id },
      ...{ businessDate: row.business_date, occurredAt: row.occurred_at },
    });
  set.note(payment, `${row.evidence}: ${provider} took back ${row.amount} of attempt ${attemptNo}: ${row.reason}`);
  set.moveReturn(row, 'settled');
  const refund = set.refundsOf(payment.payment_no).find((one) => one.attempt_no === attemptNo);
  const whole = row.amount === attempt.amount;
  if (refund?.state === 'held' && whole) return stop(set, payment, refund);
  if (whole && (refund === undefined || refund.state === 'failed')) return;
  const beside = refund ? `${refund.refund_no} is ${refund.state}` : 'no refund of it was begun';
  set.doubts.push({
    ...{ kind: 'attempt', objectNo: attemptNo, paymentNo: payment.payment_no, provider, amount: row.amount },
    why: `taken twice and ${row.amount} of ${attempt.amount} taken back by ${provider}, while ${beside}`,
  });
}

/** It is the first word of its having taken anything: the book shows both. */
function tookAfterAll(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, row: ReturnRow): void {
  const { provider, amount, attempt_no } = attempt;
  attempt.state = 'succeeded';
  attempt.ended_at = set.now;
  set.touchAttempt(attempt);
  const taken = { provider, amount, providerTxnId: attempt.provider_txn_id, occurredAt: row.occurred_at };
  set.fact(payment, 'paid', attempt_no, taken);
}

/** Nothing of it has left: no fact told of it, so none ends it. */
function stop(set: WorkingSet, payment: PaymentRow, refund: RefundRow): void {
  refund.code = 'charged_back';
  set.moveRefund(refund, 'failed');
  refund.due_at = null;
  refund.version++;
  refundEvent(set, payment, refund);
}

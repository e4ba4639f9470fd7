import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { HAS_MONEY } from './payment.states';
import { refundEvent } from './rule-refund';
import { givenBack, notGivenBack } from './rule-second-taking';
import type { WorkingSet } from './working-set';

/** What billing (hold) or the provider has said about money going back. */
export type RefundWord =
  | { word: 'held' }
  /** The credit turned out never to have been given: nothing to hold. */
  | { word: 'nothing_to_hold' }
  | { word: 'hold_refused'; code: string }
  | { word: 'submitted' }
  | { word: 'succeeded'; providerTxnId: string; businessDate: string | null; at: Date }
  | { word: 'failed'; code: string }
  | { word: 'unknown' }
  | { word: 'hold_posted' | 'hold_voided' };

export interface RefundWrite {
  do: 'refund_news';
  paymentNo: string;
  refundNo: string;
  /** The attempt that the refund names, if it does. */
  attemptNo: string | null;
  word: RefundWord;
  evidence: string;
}

export interface RefundTold {
  result: 'refund';
  refund: RefundRow | null;
  payment: PaymentRow | null;
}

export function tellRefund(set: WorkingSet, write: RefundWrite): RefundTold {
  const refund = set.refunds.get(write.refundNo) ?? null;
  const payment = set.payments.get(write.paymentNo) ?? null;
  if (refund && payment) apply(set, payment, refund, write);
  return { result: 'refund', refund, payment };
}

/** Each word is taken once, from the state it answers; told again it changes nothing. */
function apply(set: WorkingSet, payment: PaymentRow, refund: RefundRow, write: RefundWrite): void {
  const { word } = write;
  const second = secondOf(set, refund);
  switch (word.word) {
    case 'held':
    case 'nothing_to_hold':
      if (refund.state !== 'requested') return;
      refund.hold = word.word === 'held' ? 'held' : 'none';
      return set.moveRefund(refund, 'held');
    case 'hold_refused':
      if (refund.state !== 'requested') return;
      refund.hold = 'rejected';
      return fail(set, payment, refund, word.code, write.evidence);
    case 'submitted':
      return submit(set, payment, refund, second);
    case 'unknown':
      if (refund.state === 'submitted') set.moveRefund(refund, 'unknown');
      return;
    case 'succeeded':
      if (second) {
        const open = refund.state !== 'succeeded' && refund.state !== 'requested';
        return open ? givenBack(set, payment, { refund, attempt: second }, word) : undefined;
      }
      return succeed(set, payment, refund, word, write.evidence);
    case 'failed':
      if (refund.state !== 'submitted' && refund.state !== 'unknown') return;
      if (second) return notGivenBack(set, payment, { refund, attempt: second }, word.code);
      return fail(set, payment, refund, word.code, write.evidence);
    case 'hold_posted':
    case 'hold_voided':
      return settleHold(set, refund, word.word);
  }
}

/** @throws Error when the attempt was not read: its refund must not move the payment in its stead */
function secondOf(set: WorkingSet, refund: RefundRow): AttemptRow | null {
  if (refund.attempt_no === null) return null;
  const attempt = set.attempts.get(refund.attempt_no);
  if (!attempt) throw new Error(`refund ${refund.refund_no} names an attempt that was not read`);
  return attempt;
}

/** The night must know what was under way at the cut: a statement line of it is no provider's own return. */
function submit(set: WorkingSet, payment: PaymentRow, refund: RefundRow, second: AttemptRow | null): void {
  if (refund.state !== 'held' && refund.state !== 'unknown') return;
  const { provider, provider_txn_id: providerTxnId } = second ?? payment;
  const sum = { provider, providerTxnId, amount: refund.amount ?? 0n };
  if (refund.state === 'held') set.fact(payment, 'refund_submitted', refund.refund_no, sum);
  set.moveRefund(refund, 'submitted');
}

/** The money is back with the payer: the value held is taken for good (posting follows, by its own ladder). */
function succeed(
  set: WorkingSet,
  payment: PaymentRow,
  refund: RefundRow,
  word: Extract<RefundWord, { word: 'succeeded' }>,
  evidence: string,
): void {
  if (refund.state === 'succeeded' || refund.state === 'requested') return;
  const back = refund.kind === 'reversal' ? 'reversing' : 'refunding';
  if (refund.state === 'failed' && payment.state !== back) {
    if (!HAS_MONEY.includes(payment.state)) return; // the sum is already back by another refund: people look at it
    set.move(payment, back, `${evidence}: ${refund.refund_no} succeeded after all`, refund);
  }
  refund.provider_txn_id = word.providerTxnId;
  refund.business_date = word.businessDate;
  set.moveRefund(refund, 'succeeded');
  if (refund.hold === 'held') refund.hold = 'posting';
  else refund.due_at = null;
  payment.refunded += refund.amount ?? 0n;
  const whole = payment.refunded === payment.charged;
  const to = refund.kind === 'reversal' ? 'reversed' : whole ? 'refunded' : 'partially_refunded';
  set.move(payment, to, `${evidence}: ${refund.refund_no}`, refund);
  set.fact(payment, refund.kind === 'reversal' ? 'reversed' : 'refunded', refund.refund_no, {
    amount: refund.amount ?? 0n,
    providerTxnId: word.providerTxnId,
    businessDate: word.businessDate,
    occurredAt: word.at,
  });
  refund.version++;
  refundEvent(set, payment, refund);
}

/** Failed for good: the subscriber keeps his value, the payment goes back to where it stood. */
function fail(set: WorkingSet, payment: PaymentRow, refund: RefundRow, code: string, evidence: string): void {
  refund.code = code;
  set.moveRefund(refund, 'failed');
  if (refund.hold === 'held') refund.hold = 'voiding';
  else refund.due_at = null;
  if (refund.hold !== 'rejected')
    set.fact(payment, 'refund_failed', refund.refund_no, { amount: refund.amount ?? 0n, providerTxnId: '' });
  if (payment.state === 'refunding' || payment.state === 'reversing') {
    const credited = payment.credit_state === 'credited';
    const to = payment.refunded > 0n ? 'partially_refunded' : credited ? 'completed' : 'paid';
    set.move(payment, to, `${evidence}: ${refund.refund_no} failed, ${code}`, refund);
    if (to === 'paid') payment.due_at = null; // nothing can be done by itself any more: the human queue
  }
  refund.version++;
  refundEvent(set, payment, refund);
}

function settleHold(set: WorkingSet, refund: RefundRow, word: 'hold_posted' | 'hold_voided'): void {
  if (word === 'hold_posted' && refund.hold === 'posting') refund.hold = 'posted';
  else if (word === 'hold_voided' && refund.hold === 'voiding') refund.hold = 'voided';
  else return;
  refund.due_at = null;
  set.touchRefund(refund);
}

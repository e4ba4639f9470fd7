import type { DeclineReason } from '@yidian/connectors/contract';
import { refundNumber } from './numbers';
import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { HAS_MONEY } from './payment.states';
import { use } from './rule-create';
import { failOver, type NextAttempt } from './rule-failover';
import { hearLate, isReplaced, straightBack } from './rule-second-taking';
import type { WorkingSet } from './working-set';

/** What the provider, by any way, has said about an attempt. */
export type AttemptWord =
  | { word: 'succeeded'; providerTxnId: string; businessDate: string | null; completedAt: Date }
  | { word: 'declined'; reason: DeclineReason }
  /** surely nothing was taken · the provider confirmed that nothing can be taken any more */
  | { word: 'not_executed' | 'closed'; cause: string }
  | { word: 'pending' }
  | { word: 'unknown'; cause: string }
  | { word: 'not_found' }
  | { word: 'opened'; nextAction: string; expiresAt: Date }
  /** What waited for its provider is asked for now. */
  | { word: 'started' };

export interface AttemptWrite {
  do: 'attempt';
  paymentNo: string;
  attemptNo: string;
  word: AttemptWord;
  /** Which way the word came: answer, query, callback, statement line, person. */
  evidence: string;
  /** "Not found" counts only when the attempt is older than this. */
  notFoundAfterMs: number;
  /** With `not_executed`: where it goes next, if it may. */
  next?: NextAttempt | null;
}

/** `changed` says whether this was news: the first to tell moves the state, all later ones are no-ops. */
export interface AttemptTold {
  result: 'told';
  payment: PaymentRow | null;
  changed: boolean;
  /** The attempt that follows: it stands in the books and is to be made. */
  next: AttemptRow | null;
}

export function tellAttempt(set: WorkingSet, write: AttemptWrite): AttemptTold {
  const payment = set.payments.get(write.paymentNo);
  const attempt = set.attempts.get(write.attemptNo);
  if (!payment || !attempt) return { result: 'told', payment: payment ?? null, changed: false, next: null };
  const before = payment.version;
  let next: AttemptRow | null = null;
  if (!isReplaced(set, attempt)) next = hear(set, payment, attempt, write);
  else if (write.word.word === 'succeeded') hearLate(set, payment, attempt, write.word, write.evidence);
  return { result: 'told', payment, changed: payment.version !== before, next };
}

/** Of the attempt that the payment stands on. @returns the attempt that follows it */
function hear(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, write: AttemptWrite): AttemptRow | null {
  const { word } = write;
  switch (word.word) {
    case 'succeeded':
      succeeded(set, payment, attempt, word, write.evidence);
      break;
    case 'declined':
      ended(set, payment, attempt, { as: 'declined', code: word.reason, told: word.reason }, write.evidence);
      break;
    case 'not_executed':
      return notExecuted(set, payment, attempt, word.cause, write);
    case 'closed':
      ended(set, payment, attempt, { as: 'closed', code: word.cause, told: 'expired' }, write.evidence);
      break;
    case 'unknown':
      if (attempt.kind !== 'cashier' && payment.state === 'submitted')
        unknown(set, payment, attempt, word.cause, write.evidence);
      break;
    case 'not_found':
      notFound(set, payment, attempt, write);
      break;
    case 'opened':
      opened(set, payment, attempt, word, write.evidence);
      break;
    case 'started':
      if (payment.state === 'created') submit(set, payment, attempt, write.evidence);
      break;
    case 'pending':
      break;
  }
  return null;
}

/** Surely nothing was done: the only word after which somebody else may be asked. */
function notExecuted(
  set: WorkingSet,
  payment: PaymentRow,
  attempt: AttemptRow,
  cause: string,
  { next, evidence }: AttemptWrite,
): AttemptRow | null {
  const follows = next ? failOver(set, payment, attempt, next, { cause, evidence }) : null;
  if (follows) return follows;
  ended(set, payment, attempt, { as: 'not_executed', code: cause, told: 'provider_down' }, evidence);
  return null;
}

/** Money is there. Late or second of a pair of replacements: it is not credited by itself. */
function succeeded(
  set: WorkingSet,
  payment: PaymentRow,
  attempt: AttemptRow,
  word: Extract<AttemptWord, { word: 'succeeded' }>,
  evidence: string,
): void {
  if (payment.state === 'created') submit(set, payment, attempt, evidence);
  if (!['submitted', 'unknown', 'closed', 'declined'].includes(payment.state)) return;
  const late = payment.state === 'closed' || payment.state === 'declined';
  finish(set, attempt, 'succeeded', set.now);
  attempt.provider_txn_id = word.providerTxnId;
  payment.provider_txn_id = word.providerTxnId;
  payment.business_date = word.businessDate ?? payment.business_date;
  payment.book_date = set.bookDate(payment.provider);
  payment.late = late ? 1 : 0;
  payment.decline_code = null;
  if (late) use(set, payment, 1n);
  const second = hasPaidSibling(set, payment);
  if (late || second) set.move(payment, 'paid', evidence);
  else set.settle(payment, 'paid', 'requested', evidence);
  set.fact(payment, 'paid', attempt.attempt_no, { businessDate: word.businessDate, occurredAt: word.completedAt });
  if (second) refundAtOnce(set, payment, 'duplicate_payment', evidence);
  else if (late) payment.due_at = set.now;
}

/** The payer paid again knowingly while the first was unknown: whichever comes second is returned. */
function hasPaidSibling(set: WorkingSet, payment: PaymentRow): boolean {
  if (!payment.root_no) return false;
  return [...set.payments.values()].some(
    (other) => other !== payment && other.root_no === payment.root_no && HAS_MONEY.includes(other.state),
  );
}

/** All of the payment that is left, before anything was credited for it. */
export function refundAtOnce(set: WorkingSet, payment: PaymentRow, reason: string, evidence: string): RefundRow {
  const refund = straightBack(set, payment, {
    number: refundNumber(payment.payment_no, set.refundsOf(payment.payment_no).length + 1),
    amount: payment.charged - payment.refunded,
    reason,
    attemptNo: null,
  });
  set.addRefund(refund);
  set.move(payment, 'refunding', `${reason}: ${evidence}`, refund);
  return refund;
}

interface Ending {
  as: 'declined' | 'not_executed' | 'closed';
  code: string;
  /** What the payer is told. */
  told: string;
}

/** Surely nothing was taken. A word that comes after the money is there contradicts it and moves nothing. */
function ended(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, ending: Ending, evidence: string): void {
  const to = ending.as === 'declined' ? 'declined' : 'closed';
  if (payment.state === 'created' && to === 'declined') submit(set, payment, attempt, evidence);
  if (!['created', 'submitted', 'unknown'].includes(payment.state)) return;
  finish(set, attempt, ending.as, set.now);
  attempt.code = ending.code.slice(0, 40);
  payment.decline_code = ending.told;
  use(set, payment, -1n);
  set.move(payment, to, `${evidence}: ${ending.code}`);
  set.fact(payment, to, attempt.attempt_no);
}

function unknown(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, cause: string, evidence: string): void {
  attempt.state = 'unknown';
  attempt.code = cause.slice(0, 40);
  set.touchAttempt(attempt);
  set.move(payment, 'unknown', `${evidence}: ${cause}`);
  set.fact(payment, 'unknown', attempt.attempt_no);
}

/** "Not found" may only mean "not yet": it counts after the settle-down time, and only when said twice. */
function notFound(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, write: AttemptWrite): void {
  if (attempt.kind !== 'debit' || (payment.state !== 'unknown' && payment.state !== 'submitted')) return;
  attempt.not_found++;
  set.touchAttempt(attempt);
  const age = set.now.getTime() - attempt.submitted_at.getTime();
  if (attempt.not_found < 2 || age < write.notFoundAfterMs) return;
  ended(set, payment, attempt, { as: 'closed', code: 'not found twice', told: 'not_executed' }, write.evidence);
}

function opened(
  set: WorkingSet,
  payment: PaymentRow,
  attempt: AttemptRow,
  word: Extract<AttemptWord, { word: 'opened' }>,
  evidence: string,
): void {
  if (payment.state !== 'created') return;
  payment.next_action = word.nextAction;
  payment.expires_at = word.expiresAt;
  submit(set, payment, attempt, evidence);
}

function submit(set: WorkingSet, payment: PaymentRow, attempt: AttemptRow, evidence: string): void {
  attempt.state = 'pending';
  set.touchAttempt(attempt);
  set.move(payment, 'submitted', evidence);
  set.fact(payment, 'submitted', attempt.attempt_no);
}

function finish(set: WorkingSet, attempt: AttemptRow, state: AttemptRow['state'], at: Date): void {
  attempt.state = state;
  attempt.ended_at = at;
  set.touchAttempt(attempt);
}

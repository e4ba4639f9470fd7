import type { DecisionRow } from '../routing/route';
import type { AttemptRow, PaymentRow } from './payment.rows';
import { dueAfter } from './payment-news';
import { CASHIER_OPENS_MS, overLimit, use } from './rule-create';
import type { WorkingSet } from './working-set';

/** Where a payment goes next when its first provider surely did nothing. */
export interface NextAttempt {
  attempt: AttemptRow;
  agreementId: string | null;
  linkedId: string | null;
  nickname: string | null;
  account: string | null;
  payerKey: string;
  decision: DecisionRow;
}

/**
 * A second attempt in the same write that ends the first: intent before effect, and never two open at once. Limits are
 * counted once: what the first agreement was charged with is given back before the next one is judged.
 * @returns the attempt that follows; null when it may not go there: the payment ends with its first attempt then
 */
export function failOver(
  set: WorkingSet,
  payment: PaymentRow,
  attempt: AttemptRow,
  next: NextAttempt,
  { cause, evidence }: { cause: string; evidence: string },
): AttemptRow | null {
  if (payment.state !== 'created' && payment.state !== 'submitted') return null;
  if (attempt.ended_at !== null) return null;
  if (next.attempt.provider === payment.provider) return null;
  const before = { ...payment };
  use(set, payment, -1n);
  const { agreementId: agreement_id, linkedId: linked_id } = next;
  if (overLimit(set, { ...payment, agreement_id, linked_id }, payment.created_at)) {
    use(set, before, 1n);
    return null;
  }
  // The page of a cashier was never there: nothing was told of it.
  if (payment.state === 'submitted') set.fact(payment, 'declined', attempt.attempt_no);
  attempt.state = 'not_executed';
  attempt.code = cause.slice(0, 40);
  attempt.ended_at = set.now;
  set.touchAttempt(attempt);
  const { nickname, account, payerKey: payer_key } = next;
  const { provider } = next.attempt;
  Object.assign(payment, { provider, agreement_id, linked_id, nickname, account, payer_key });
  payment.business_date = set.bookDate(payment.provider);
  const follows = { ...next.attempt, submitted_at: set.now };
  set.addAttempt(follows);
  // Its word is not the last: it is asked until it is sure, and what it took after all goes back.
  set.replaced.push(attempt);
  set.decisions.push({ ...next.decision, at: set.now });
  use(set, payment, 1n);
  payment.tries = 0;
  payment.due_at =
    payment.state === 'created' ? new Date(set.now.getTime() + CASHIER_OPENS_MS) : dueAfter(payment, set.now);
  set.note(payment, `${evidence}: ${attempt.provider} ${cause}; attempt ${next.attempt.attempt_no}`);
  if (payment.state === 'submitted') set.fact(payment, 'submitted', next.attempt.attempt_no);
  return follows;
}

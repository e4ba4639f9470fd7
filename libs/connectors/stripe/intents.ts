import { declined, type Closing, type Outcome, type Queried, type Taken } from '../contract';
import { reasonOf } from './reasons';
import { at, beijingDate, money, ORDER_KIND, ORDER_NO, type IntentWord, type SessionWord } from './words';

/**
 * A payment intent in our words. The order number is the one Stripe repeats in its metadata, so that the wrapper can
 * compare it. A refused payment is final only where nobody can try again: the payer at an open cashier can.
 */
export function intentOutcome(word: IntentWord, payerMayTryAgain: boolean): Closing {
  switch (word.status) {
    case 'succeeded':
      return taken(word);
    case 'processing':
    case 'requires_action':
    case 'requires_confirmation':
      return { outcome: 'pending' };
    case 'requires_payment_method':
      return payerMayTryAgain || !word.last_payment_error ? { outcome: 'pending' } : refused(word);
    case 'canceled':
      return { outcome: 'closed' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

export const orderNoOf = (word: { metadata?: IntentWord['metadata'] }): string => word.metadata?.[ORDER_NO] ?? '';
export const isCashier = (word: { metadata?: IntentWord['metadata'] }): boolean =>
  word.metadata?.[ORDER_KIND] === 'cashier';

function refused(word: IntentWord): Outcome<never> {
  const { code, decline_code } = word.last_payment_error ?? {};
  return declined(reasonOf(decline_code, code), word.id);
}

/** What was received counts, not what was asked for. */
function taken(word: IntentWord): Queried<Taken> {
  const charge = typeof word.latest_charge === 'object' ? word.latest_charge : null;
  const received = word.amount_received ?? word.amount;
  const created = charge?.created ?? word.created;
  if (received === undefined || !word.currency || created === undefined)
    return { outcome: 'unknown', cause: 'a success that lacks its sum or its time' };
  const completedAt = at(created);
  return {
    outcome: 'succeeded',
    orderNo: orderNoOf(word),
    providerTxnId: word.id,
    ...money(received, word.currency),
    businessDate: beijingDate(completedAt),
    completedAt,
  };
}

/** A cashier's page in our words; a payment that began there speaks for itself. */
export function sessionOutcome(session: SessionWord): Closing {
  const { status, payment_status: paid } = session;
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  if (status === 'open') return intent ? pageOpen(intent) : { outcome: 'pending' };
  if (status === 'expired') return intent?.status === 'succeeded' ? taken(intent) : { outcome: 'closed' };
  if (status !== 'complete') return { outcome: 'unknown', cause: 'a status nobody listed' };
  if (!intent) return { outcome: 'unknown', cause: 'a paid page that names no payment' };
  if (paid !== 'paid' && paid !== 'unpaid') return { outcome: 'unknown', cause: 'a payment status nobody listed' };
  return intentOutcome(intent, false);
}

/** Only a closed page ends an order of the cashier; what was taken already is taken. */
function pageOpen(intent: IntentWord): Closing {
  const outcome = intentOutcome(intent, true);
  return outcome.outcome === 'closed' ? { outcome: 'pending' } : outcome;
}

/** To an act of ours, and in a callback, "closed" means that nothing was taken. */
export function settled<T extends Taken>(outcome: Queried<T> | { outcome: 'closed' }): Outcome<T> {
  if (outcome.outcome === 'closed') return { outcome: 'not_executed', cause: 'cancelled at Stripe' };
  if (outcome.outcome === 'not_found') return { outcome: 'unknown', cause: 'answered not_found' };
  return outcome;
}

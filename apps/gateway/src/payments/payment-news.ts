import { nextDue } from './ladder';
import type { PaymentRow } from './payment.rows';
import type { PaymentState } from './payment.schema';
import { OPEN_STATES } from './payment.states';

/** What a move is called in the partner's events; other moves are none of them. */
export const EVENTS: Partial<Record<PaymentState, string>> = {
  completed: 'payment.completed',
  declined: 'payment.declined',
  unknown: 'payment.unknown',
  closed: 'payment.closed',
  rejected: 'payment.rejected',
  reversed: 'payment.reversed',
  refunded: 'payment.refunded',
  partially_refunded: 'payment.refunded',
  returned: 'payment.returned',
};

/** Open states keep a date, so that the sweep finds them; a payment being undone is driven by its refund row instead. */
export function dueAfter(payment: PaymentRow, now: Date): Date | null {
  if (!OPEN_STATES.includes(payment.state)) return null;
  if (payment.state === 'refunding' || payment.state === 'reversing') return null;
  return nextDue(now, 0);
}

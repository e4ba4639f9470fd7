import type { HistoryRow, PaymentRow } from './payment.rows';

/**
 * Collected money that billing credits without further ado moves once: it begins as paid, and billing's word completes it.
 * The payment's row says all of that move, so history has no row of it until something else
 * moves the payment; whoever reads history is told it from the payment.
 */
const N = 2;
const EVIDENCE = 'billing';

type Where = Pick<HistoryRow, 'from_state' | 'credit_from'>;

/** Of a move just made: the payment is where it led to. */
export const isStraight = (payment: PaymentRow, { from_state, credit_from }: Where, evidence: string): boolean =>
  payment.version === N &&
  payment.state === 'completed' &&
  payment.credit_state === 'credited' &&
  from_state === 'paid' &&
  credit_from === 'requested' &&
  evidence === EVIDENCE &&
  payment.funding === 'collected';

/** Of a move that is being made: it is the first after a straight one, and `updated_at` still says when that was. */
export const followsStraight = (payment: PaymentRow, { from_state, credit_from }: Where): boolean =>
  payment.version === N && from_state === 'completed' && credit_from === 'credited' && payment.funding === 'collected';

export function straightMove(payment: PaymentRow): HistoryRow {
  return {
    payment_no: payment.payment_no,
    day: payment.day,
    n: N,
    from_state: 'paid',
    to_state: 'completed',
    credit_from: 'requested',
    credit_to: 'credited',
    evidence: EVIDENCE,
    // A process of the version before moves on without writing it down: then billing's own time is the nearest.
    at: payment.version === N ? payment.updated_at : (payment.credit_at ?? payment.updated_at),
  };
}

/** @param payments read no later than their stored rows: what moved in between has written its straight move down */
export function withStraightMoves(payments: readonly PaymentRow[], stored: HistoryRow[]): HistoryRow[] {
  const told = new Set(stored.filter((row) => row.n === N).map((row) => row.payment_no));
  const untold = payments.filter(
    ({ payment_no, funding, credit_state, version }) =>
      funding === 'collected' && credit_state === 'credited' && version >= N && !told.has(payment_no),
  );
  if (untold.length === 0) return stored;
  return [...stored, ...untold.map(straightMove)].sort(byTime);
}

function byTime(a: HistoryRow, b: HistoryRow): number {
  if (a.at.getTime() !== b.at.getTime()) return a.at.getTime() - b.at.getTime();
  if (a.payment_no !== b.payment_no) return a.payment_no < b.payment_no ? -1 : 1;
  return a.n - b.n;
}

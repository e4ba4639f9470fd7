import type { CreditState, PaymentState } from './payment.schema';

/**
 * Which state may follow which, as data. A move that is not in this table cannot be written; the table is checked for
 * reachability when the process starts.
 */
export const PAYMENT_MOVES: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  /** closed: never sent · paid: collected, the partner has taken the money already */
  created: ['submitted', 'closed', 'paid'],
  /** closed: the provider confirmed the close, or the request surely never left us */
  submitted: ['paid', 'declined', 'unknown', 'closed'],
  /** by the provider's explicit word only */
  unknown: ['paid', 'declined', 'closed'],
  /** rejected: collected only, the partner gives the money back · refunding: credit refused · reversing: credit first settled */
  paid: ['completed', 'rejected', 'refunding', 'reversing'],
  /** late truth */
  closed: ['paid'],
  declined: ['paid'],
  completed: ['reversing', 'refunding', 'returned'],
  reversing: ['reversed', 'completed', 'paid'],
  refunding: ['refunded', 'partially_refunded', 'completed', 'paid'],
  partially_refunded: ['refunding', 'returned'],
  rejected: [],
  reversed: [],
  refunded: [],
  returned: [],
};

export const CREDIT_MOVES: Readonly<Record<CreditState, readonly CreditState[]>> = {
  none: ['requested'],
  requested: ['credited', 'rejected', 'voided', 'unknown'],
  /** ends only by billing's word on that key */
  unknown: ['credited', 'rejected', 'voided'],
  credited: [],
  rejected: [],
  voided: [],
};

/** States in which somebody still owes an answer; all others leave the sweep. */
export const OPEN_STATES: readonly PaymentState[] = [
  'created',
  'submitted',
  'unknown',
  'paid',
  'refunding',
  'reversing',
];
/** Tell the payer now. `closed` and `declined` are final for the payer even though late truth may still move them. */
export const isFinal = (state: PaymentState): boolean => !OPEN_STATES.includes(state);
/** The provider holds money for this payment, whatever comes next. */
export const HAS_MONEY: readonly PaymentState[] = ['paid', 'completed', 'refunding', 'reversing', 'partially_refunded'];

export const canMove = (from: PaymentState, to: PaymentState): boolean => PAYMENT_MOVES[from].includes(to);
export const canMoveCredit = (from: CreditState, to: CreditState): boolean => CREDIT_MOVES[from].includes(to);

/** Refunds and reversals: value is held before the provider is asked. */
export type RefundState = 'requested' | 'held' | 'submitted' | 'succeeded' | 'failed' | 'unknown';
export const REFUND_MOVES: Readonly<Record<RefundState, readonly RefundState[]>> = {
  requested: ['held', 'failed'],
  held: ['submitted', 'succeeded', 'failed'],
  submitted: ['succeeded', 'failed', 'unknown'],
  unknown: ['succeeded', 'failed', 'submitted'],
  /** late truth: the statement shows money back that we had given up on, or the reverse */
  failed: ['succeeded'],
  succeeded: [],
};
/** The subscriber's value beside it. `none`: nothing was credited, so nothing is held. */
export type HoldState = 'none' | 'wanted' | 'held' | 'posting' | 'posted' | 'voiding' | 'voided' | 'rejected';

/** Money that the provider took back by itself. */
export type ReturnState = 'open' | 'taking' | 'settled' | 'refused';
export const RETURN_MOVES: Readonly<Record<ReturnState, readonly ReturnState[]>> = {
  /** Told, but the payment cannot follow yet: its credit is unknown, or a refund is under way. */
  open: ['taking', 'settled', 'refused'],
  /** The payment is returned; billing takes the credit back, past the balance if need be. */
  taking: ['settled', 'refused'],
  /** Somebody has to look: more than was paid, or billing will not. */
  refused: ['settled'],
  settled: [],
};

/**
 * Every state is reached from the first, and from every state some end is reached.
 * @throws Error naming the state that is not
 */
export function assertReachable<S extends string>(
  name: string,
  moves: Readonly<Record<S, readonly S[]>>,
  first: S,
  ends: readonly S[],
): void {
  const states = Object.keys(moves) as S[];
  const from = reach(moves, first);
  const lost = states.find((state) => !from.has(state));
  if (lost) throw new Error(`${name}: ${lost} cannot be reached from ${first}`);
  const stuck = states.find((state) => !ends.some((end) => reach(moves, state).has(end)));
  if (stuck) throw new Error(`${name}: no end can be reached from ${stuck}`);
}

function reach<S extends string>(moves: Readonly<Record<S, readonly S[]>>, start: S): Set<S> {
  const seen = new Set<S>([start]);
  for (const state of seen) for (const next of moves[state]) seen.add(next);
  return seen;
}

export function assertStates(): void {
  const ends: PaymentState[] = ['completed', 'rejected', 'reversed', 'refunded', 'returned'];
  assertReachable('payment', PAYMENT_MOVES, 'created', ends);
  assertReachable('credit', CREDIT_MOVES, 'none', ['credited', 'rejected', 'voided']);
  assertReachable('refund', REFUND_MOVES, 'requested', ['succeeded', 'failed']);
  assertReachable('return', RETURN_MOVES, 'open', ['settled']);
}

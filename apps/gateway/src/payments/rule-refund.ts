import type { ErrorCode } from '@yidian/errors';
import { refundId, refundNumber, reversalNumber } from './numbers';
import type { KeyRow, PaymentRow, RefundRow } from './payment.rows';
import { keep, keyName, referenceName, type Guard } from './rule-create';
import { refundView } from './payment.view';
import type { WorkingSet } from './working-set';

export interface RefundStart {
  do: 'refund';
  /** Null when the platform itself gives back (a resolution). */
  guard: Guard | null;
  kind: 'refund' | 'reversal';
  paymentNo: string;
  /** Null: all that is left. */
  amount: bigint | null;
  reason: string;
  actor: string;
}

/** A reversal of a reference that no payment has: remembered, so that a late original is refused. */
export interface BlockWrite {
  do: 'block';
  guard: Guard;
  partner: string;
  reference: string;
  /** Number taken for it: there is no payment to derive one from. */
  paymentNo: string;
  reason: string;
}

export type RefundStarted =
  | { result: 'started'; refund: RefundRow }
  | { result: 'seen'; key: KeyRow }
  | { result: 'refused'; code: ErrorCode }
  /** The reference has come meanwhile: it is an ordinary reversal. */
  | { result: 'known'; paymentNo: string };

export function startRefund(set: WorkingSet, write: RefundStart): RefundStarted {
  const key = write.guard ? set.keys.get(keyName(write.guard)) : undefined;
  if (key) return { result: 'seen', key };
  const payment = set.payments.get(write.paymentNo);
  if (!payment) return { result: 'refused', code: 'not_found' };
  const earlier = set.refundsOf(payment.payment_no);
  const amount = write.amount ?? payment.charged - payment.refunded;
  const refused = write.kind === 'reversal' ? reversalRefusal(set, payment, earlier) : refundRefusal(payment, amount);
  if (refused) return { result: 'refused', code: refused };
  const number = write.kind === 'reversal' ? reversalNumber : refundNumber;
  const refund = newRefund(set, {
    ...write,
    refund_no: number(payment.payment_no, earlier.length + 1),
    payment,
    amount,
  });
  if (write.guard) keep(set, { ...write.guard, object_id: refund.refund_no });
  set.addRefund(refund);
  if (payment.state === 'rejected') {
    refund.state = 'succeeded'; // nothing was credited and the partner already gives the money back
    refund.due_at = null;
  } else {
    set.move(
      payment,
      write.kind === 'reversal' ? 'reversing' : 'refunding',
      `${refund.refund_no}: ${write.reason}`,
      refund,
    );
  }
  return { result: 'started', refund };
}

/** One refund at a time; the sum of all never passes what was taken; nothing while a side is unknown. */
function refundRefusal(payment: PaymentRow, amount: bigint): ErrorCode | null {
  const uncredited =
    payment.credit_state === 'rejected' || payment.credit_state === 'voided' || payment.credit_state === 'none';
  const open =
    payment.state === 'completed' || payment.state === 'partially_refunded' || (payment.state === 'paid' && uncredited);
  if (!open) return 'state_conflict';
  return payment.refunded + amount > payment.charged ? 'refund_exceeds_paid' : null;
}

/** Same business date, whole sum, only money the partner took itself, once. */
function reversalRefusal(set: WorkingSet, payment: PaymentRow, earlier: readonly RefundRow[]): ErrorCode | null {
  if (payment.funding !== 'collected') return 'state_conflict';
  if (payment.state === 'rejected' && earlier.length === 0) return null;
  if (payment.state !== 'completed' && payment.state !== 'paid') return 'state_conflict';
  if (payment.refunded > 0n || earlier.some((refund) => refund.state !== 'failed')) return 'state_conflict';
  return payment.book_date === set.bookDate(payment.provider) ? null : 'reversal_window_closed';
}

type NewRefund = Pick<RefundStart, 'kind' | 'reason' | 'actor'> & {
  refund_no: string;
  payment: PaymentRow;
  amount: bigint;
};

function newRefund(set: WorkingSet, wanted: NewRefund): RefundRow {
  const { payment } = wanted;
  const settled =
    payment.credit_state === 'rejected' || payment.credit_state === 'voided' || payment.credit_state === 'none';
  return {
    refund_no: wanted.refund_no,
    day: payment.day,
    kind: wanted.kind,
    payment_no: payment.payment_no,
    attempt_no: null,
    partner: payment.partner,
    reference: payment.reference,
    state: settled ? 'held' : 'requested',
    hold: settled ? 'none' : 'wanted',
    amount: wanted.amount,
    currency: payment.currency,
    reason: wanted.reason,
    actor: wanted.actor,
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

export function block(set: WorkingSet, write: BlockWrite): RefundStarted {
  const key = set.keys.get(keyName(write.guard));
  if (key) return { result: 'seen', key };
  const known = set.references.get(referenceName(write));
  if (known?.payment_no) return { result: 'known', paymentNo: known.payment_no };
  const earlier = known?.reversed_by ? set.refunds.get(known.reversed_by) : undefined;
  const refund = earlier ?? blocked(set, write);
  keep(set, { ...write.guard, object_id: refund.refund_no });
  return { result: 'started', refund };
}

function blocked(set: WorkingSet, write: BlockWrite): RefundRow {
  const refund: RefundRow = {
    refund_no: reversalNumber(write.paymentNo, 0),
    day: `20${write.paymentNo.slice(0, 2)}-${write.paymentNo.slice(2, 4)}-${write.paymentNo.slice(4, 6)}`,
    kind: 'reversal',
    payment_no: null,
    attempt_no: null,
    partner: write.partner,
    reference: write.reference,
    state: 'succeeded',
    hold: 'none',
    amount: null,
    currency: null,
    reason: write.reason,
    actor: write.partner,
    code: null,
    provider_txn_id: '',
    business_date: null,
    from_state: 'created',
    tries: 0,
    due_at: null,
    created_at: set.now,
    updated_at: set.now,
    version: 0,
  };
  set.addRefund(refund);
  const { partner, reference } = write;
  const row = { partner, reference, payment_no: null, reversed_by: refund.refund_no, created_at: set.now };
  set.references.set(referenceName(row), row);
  set.newReferences.push(row);
  return refund;
}

/** Pulls partners' events of refunds: the payment's own events come from its moves. */
export function refundEvent(set: WorkingSet, payment: PaymentRow, refund: RefundRow): void {
  if (payment.partner === '' || refund.kind !== 'refund' || !set.hears(payment.partner)) return;
  const type = refund.state === 'succeeded' ? 'refund.succeeded' : 'refund.failed';
  set.events.push({
    partner: payment.partner,
    object_id: refundId(refund.refund_no),
    sequence: refund.version,
    type,
    previous_state: 'pending',
    body: JSON.stringify(refundView(refund, set.livemode)),
    created_at: set.now,
  });
}

import type { Statement } from '@yidian/journal';
import { returnNumber } from './numbers';
import type { PaymentRow, ReturnRow } from './payment.rows';
import { takeBackSecond } from './rule-second-return';
import type { ObjectEvent } from './working-rows';
import type { WorkingSet } from './working-set';

/** The provider took money back by itself: a charge-back, a debit return, its own reversal. */
export interface ReturnWrite {
  do: 'return';
  paymentNo: string;
  /** The attempt whose money it was when that is not the one the payment stands on: a second taking; else null. */
  attemptNo: string | null;
  /** Its number is given here; state `open`. */
  told: Omit<ReturnRow, 'return_no'>;
  /** Debits of the agreement rest once the payment is returned. */
  freeze: { statements: readonly Statement[]; events: readonly ObjectEvent[] };
}

/** What billing has said about taking the credit back. */
export interface ReturnNews {
  do: 'return_news';
  paymentNo: string;
  returnNo: string;
  word: { word: 'taken_back' | 'by_hand' } | { word: 'refused'; code: string };
}

export interface ReturnTold {
  result: 'return';
  row: ReturnRow | null;
  payment: PaymentRow | null;
}

/** Told again it is the same return: what it is known by decides, and what waited is tried anew. */
export function takeReturn(set: WorkingSet, write: ReturnWrite, run: (statement: Statement) => void): ReturnTold {
  const payment = set.payments.get(write.paymentNo) ?? null;
  if (!payment) return { result: 'return', row: null, payment };
  const returns = [...set.returns.values()].filter((row) => row.payment_no === write.paymentNo);
  let row = returns.find(({ ref_no }) => ref_no === write.told.ref_no);
  if (!row) {
    row = { ...write.told, return_no: returnNumber(payment.payment_no, returns.length + 1) };
    set.addReturn(row);
  }
  if (row.state === 'open' && write.attemptNo !== null) {
    const attempt = set.attempts.get(write.attemptNo);
    if (!attempt) throw new Error(`a return of attempt ${write.attemptNo}, which was not read`);
    takeBackSecond(set, payment, attempt, row);
  } else if (row.state === 'open' && follow(set, payment, row)) {
    for (const statement of write.freeze.statements) run(statement);
    for (const event of write.freeze.events) set.objectEvent(event);
  }
  return { result: 'return', row, payment };
}

/**
 * The money is gone whatever we think of it; what is left to decide is the credit. A payment whose credit or refund nobody
 * knows the end of is settled first.
 * @returns whether the payment has followed
 */
function follow(set: WorkingSet, payment: PaymentRow, row: ReturnRow): boolean {
  const over = payment.refunded + row.amount > payment.charged;
  const ends: readonly string[] = ['refunded', 'reversed', 'rejected'];
  if (ends.includes(payment.state)) return refuse(set, row, 'state_conflict');
  const follows: readonly string[] = ['completed', 'partially_refunded', 'returned'];
  if (!follows.includes(payment.state)) return false;
  if (over) return refuse(set, row, 'refund_exceeds_paid');
  const evidence = `${row.evidence}: ${row.reason}`;
  payment.refunded += row.amount;
  if (payment.state === 'returned') set.note(payment, evidence);
  else set.move(payment, 'returned', evidence);
  if (row.in_book === 1)
    set.fact(payment, 'returned', row.ref_no, {
      amount: row.amount,
      providerTxnId: row.provider_txn_id,
      businessDate: row.business_date,
      occurredAt: row.occurred_at,
    });
  set.moveReturn(row, payment.credit_state === 'credited' ? 'taking' : 'settled');
  return true;
}

function refuse(set: WorkingSet, row: ReturnRow, code: string): false {
  row.code = code;
  set.moveReturn(row, 'refused');
  return false;
}

export function tellReturn(set: WorkingSet, { paymentNo, returnNo, word }: ReturnNews): ReturnTold {
  const row = set.returns.get(returnNo) ?? null;
  if (row && word.word === 'by_hand') {
    if (row.state !== 'settled') set.moveReturn(row, 'settled');
  } else if (row?.state === 'taking') {
    if (word.word === 'refused') row.code = word.code;
    set.moveReturn(row, word.word === 'refused' ? 'refused' : 'settled');
  }
  return { result: 'return', row, payment: set.payments.get(paymentNo) ?? null };
}

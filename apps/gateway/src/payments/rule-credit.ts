import type { PaymentRow } from './payment.rows';
import type { Answer, PaymentView } from './payment.schema';
import { paymentAnswer, paymentView } from './payment.view';
import { refundAtOnce } from './rule-attempt';
import type { WorkingSet } from './working-set';

/** What billing has said about the credit. Only credited, rejected and voided end an unknown. */
export type CreditWord =
  | { word: 'credited'; balanceAfter: bigint | null; at: Date }
  | { word: 'rejected'; reason: string }
  | { word: 'voided' }
  | { word: 'unknown' }
  /** The credit may be asked for: the late-truth rule or a resolution says so. */
  | { word: 'requested' };

/** A key whose first caller waits for the word. */
export interface WaitingKey {
  scope: string;
  k: string;
}

export interface CreditWrite {
  do: 'credit';
  paymentNo: string;
  word: CreditWord;
  evidence: string;
  /** The payment as its caller last saw it; it is read again only if it has moved since. */
  known?: PaymentRow;
  /** The key that waits for this word: its answer is kept in the same write, if it can be. */
  key?: WaitingKey;
}

export interface CreditTold {
  result: 'credit';
  payment: PaymentRow | null;
  /** What the key is answered from now on. Missing: nothing is kept yet. */
  answer?: Answer<PaymentView>;
}

export function tellCredit(set: WorkingSet, write: CreditWrite): CreditTold {
  const payment = set.payments.get(write.paymentNo) ?? null;
  if (!payment) return { result: 'credit', payment };
  const before = payment.version;
  tell(set, payment, write);
  const answer = write.key && keepAnswer(set, payment, write, write.key, payment.version !== before);
  return answer ? { result: 'credit', payment, answer } : { result: 'credit', payment };
}

function tell(set: WorkingSet, payment: PaymentRow, { word, evidence }: CreditWrite): void {
  if (['credited', 'rejected', 'voided'].includes(payment.credit_state)) return;
  if (payment.credit_state === 'none' && word.word !== 'requested') return;
  switch (word.word) {
    case 'requested':
      if (payment.credit_state === 'none' && payment.state === 'paid') set.moveCredit(payment, 'requested', evidence);
      break;
    case 'unknown':
      if (payment.credit_state === 'requested') set.moveCredit(payment, 'unknown', evidence);
      break;
    case 'credited':
      credited(set, payment, word, evidence);
      break;
    case 'rejected':
      payment.credit_code = word.reason;
      refused(set, payment, 'rejected', `${evidence}: ${word.reason}`);
      break;
    case 'voided':
      refused(set, payment, 'voided', evidence);
      break;
  }
}

function credited(
  set: WorkingSet,
  payment: PaymentRow,
  word: Extract<CreditWord, { word: 'credited' }>,
  evidence: string,
): void {
  payment.credit_at = word.at;
  payment.balance_after = word.balanceAfter;
  if (payment.state === 'paid') set.settle(payment, 'completed', 'credited', evidence);
  else set.moveCredit(payment, 'credited', evidence);
}

/** Collected money is given back by the partner, who holds it; what we took goes back through its provider. */
function refused(set: WorkingSet, payment: PaymentRow, as: 'rejected' | 'voided', evidence: string): void {
  if (payment.state !== 'paid') return set.moveCredit(payment, as, evidence);
  if (payment.funding === 'collected') {
    set.settle(payment, 'rejected', as, evidence);
    set.fact(payment, 'reversed', payment.payment_no);
  } else {
    set.moveCredit(payment, as, evidence);
    refundAtOnce(set, payment, `credit_${as}`, evidence);
  }
}

/**
 * The key's answer in the write that decides it. Completed or rejected by this very word, the payment's row and history
 * say for ever what was answered; an open credit will be answered otherwise later, so its text is kept.
 */
function keepAnswer(
  set: WorkingSet,
  payment: PaymentRow,
  { word }: CreditWrite,
  key: WaitingKey,
  moved: boolean,
): Answer<PaymentView> | undefined {
  if (moved && (payment.state === 'completed' || payment.state === 'rejected'))
    return paymentAnswer(paymentView(payment, set.livemode));
  if (word.word !== 'unknown') return undefined;
  const answer = paymentAnswer(paymentView(payment, set.livemode));
  const kept = set.keepAnswer({ scope: key.scope, k: key.k, status: answer.status, body: JSON.stringify(answer.body) });
  return kept ? answer : undefined;
}

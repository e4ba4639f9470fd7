import type { PaymentRow } from './payment.rows';
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

export interface CreditWrite {
  do: 'credit';
  paymentNo: string;
  word: CreditWord;
  evidence: string;
}

export interface CreditTold {
  result: 'credit';
  payment: PaymentRow | null;
}

export function tellCredit(set: WorkingSet, write: CreditWrite): CreditTold {
  const payment = set.payments.get(write.paymentNo);
  if (!payment || ['credited', 'rejected', 'voided'].includes(payment.credit_state)) {
    return { result: 'credit', payment: payment ?? null };
  }
  const { word } = write;
  if (payment.credit_state === 'none' && word.word !== 'requested') return { result: 'credit', payment };
  switch (word.word) {
    case 'requested':
      if (payment.credit_state === 'none' && payment.state === 'paid')
        set.moveCredit(payment, 'requested', write.evidence);
      break;
    case 'unknown':
      if (payment.credit_state === 'requested') set.moveCredit(payment, 'unknown', write.evidence);
      break;
    case 'credited':
      credited(set, payment, word, write.evidence);
      break;
    case 'rejected':
      payment.credit_code = word.reason;
      set.moveCredit(payment, 'rejected', `${write.evidence}: ${word.reason}`);
      if (payment.state === 'paid') giveBack(set, payment, 'credit_rejected', write.evidence);
      break;
    case 'voided':
      set.moveCredit(payment, 'voided', write.evidence);
      if (payment.state === 'paid') giveBack(set, payment, 'credit_voided', write.evidence);
      break;
  }
  return { result: 'credit', payment };
}

function credited(
  set: WorkingSet,
  payment: PaymentRow,
  word: Extract<CreditWord, { word: 'credited' }>,
  evidence: string,
): void {
  payment.credit_at = word.at;
  payment.balance_after = word.balanceAfter;
  set.moveCredit(payment, 'credited', evidence);
  if (payment.state === 'paid') set.move(payment, 'completed', evidence);
}

/** Collected money is given back by the partner, who holds it; what we took goes back through its provider. */
function giveBack(set: WorkingSet, payment: PaymentRow, reason: string, evidence: string): void {
  if (payment.funding !== 'collected') return void refundAtOnce(set, payment, reason, evidence);
  set.move(payment, 'rejected', `${reason}: ${evidence}`);
  set.fact(payment, 'reversed', payment.payment_no);
}

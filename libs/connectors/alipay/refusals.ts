import { declined, type DeclineReason, type Outcome } from '../contract';
import type { AlipayAnswer } from './link';

export const DONE = '10000';
const IN_PROGRESS = '10003';
const REFUSED = '40004';

/** Explicit refusals by their sub-code: the request was understood and no money moved. */
const DECLINES: Readonly<Record<string, DeclineReason>> = {
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'insufficient_funds',
  'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH': 'insufficient_funds',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': 'insufficient_funds',
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': 'limit',
  'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR': 'limit',
  'ACQ.BEYOND_PAY_RESTRICTION': 'limit',
  'ACQ.BEYOND_PER_RECEIPT_RESTRICTION': 'limit',
  'ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION': 'limit',
  'ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION': 'limit',
  'ACQ.TOTAL_FEE_EXCEED': 'limit',
  'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED': 'limit',
  'ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED': 'limit',
  'ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED': 'limit',
  'ACQ.CYCLE_PAY_DATE_NOT_MATCH': 'limit',
  'ACQ.AGREEMENT_NOT_EXIST': 'agreement_ended',
  'ACQ.AGREEMENT_INVALID': 'agreement_ended',
  'ACQ.AGREEMENT_STATUS_NOT_NORMAL': 'agreement_ended',
  'ACQ.MERCHANT_AGREEMENT_NOT_EXIST': 'agreement_ended',
  'ACQ.MERCHANT_AGREEMENT_INVALID': 'agreement_ended',
  'ACQ.MERCHANT_STATUS_NOT_NORMAL': 'agreement_ended',
  'ACQ.BUYER_ENABLE_STATUS_FORBID': 'account_closed',
  'ACQ.BUYER_NOT_EXIST': 'account_closed',
  'ACQ.CARD_USER_NOT_MATCH': 'account_closed',
  'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE': 'account_closed',
  'ACQ.ERROR_BALANCE_PAYMENT_DISABLE': 'account_closed',
  'ACQ.USER_FACE_PAYMENT_SWITCH_OFF': 'authentication_failed',
  'ACQ.MOBILE_PAYMENT_SWITCH_OFF': 'authentication_failed',
  'ACQ.PAYMENT_AUTH_CODE_INVALID': 'authentication_failed',
  'ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT': 'authentication_failed',
  'ACQ.PAYMENT_FAIL': 'other',
  'ACQ.PAYMENT_REQUEST_HAS_RISK': 'risk_refused',
  'ACQ.BUYER_SELLER_EQUAL': 'other',
  'ACQ.PAYER_UNMATCHED': 'other',
  'ACQ.EXIST_FORBIDDEN_WORD': 'other',
  'ACQ.REASON_TRADE_BEEN_FREEZEN': 'other',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': 'other',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': 'other',
  'ACQ.REFUND_FEE_ERROR': 'other',
  'ACQ.TRADE_NOT_ALLOW_REFUND': 'other',
  'ACQ.TRADE_HAS_FINISHED': 'other',
  'ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND': 'other',
};

/** The request itself does not fit: the gateway or the product put it back before anything was done under it. */
const NEVER_DONE_CODES = new Set(['20001', '40001', '40002', '40006']);
const NEVER_DONE_SUB_CODES = new Set(['ACQ.INVALID_PARAMETER', 'ACQ.PARTNER_ERROR', 'ACQ.ACCESS_FORBIDDEN']);

/**
 * A verified answer that is no success. What is not listed (a system error, a call too many, a number that was used before)
 * says nothing certain about the order and stays unknown: the query decides.
 */
export function refusal({ code, subCode }: AlipayAnswer): Outcome<never> {
  if (code === IN_PROGRESS) return { outcome: 'pending' };
  if (code === REFUSED) {
    const reason = DECLINES[subCode];
    if (reason !== undefined) return declined(reason);
    if (NEVER_DONE_SUB_CODES.has(subCode)) return { outcome: 'not_executed', cause: subCode };
  }
  if (NEVER_DONE_CODES.has(code) && subCode.startsWith('isv.')) return { outcome: 'not_executed', cause: subCode };
  return notKnown({ code, subCode });
}

/** The same for pages and agreements, where nobody's money is refused. */
export function refusedPage(answer: AlipayAnswer): { outcome: 'not_executed' | 'unknown'; cause: string } {
  const outcome = refusal(answer);
  return outcome.outcome === 'not_executed' ? outcome : notKnown(answer);
}

export const notKnown = ({ code, subCode }: Pick<AlipayAnswer, 'code' | 'subCode'>) => ({
  outcome: 'unknown' as const,
  cause: `${code} ${subCode}`.trim() || 'an answer without a code',
});

export const isNotFound = ({ code, subCode }: AlipayAnswer): boolean =>
  code === REFUSED && subCode === 'ACQ.TRADE_NOT_EXIST';

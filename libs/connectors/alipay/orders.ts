import { declined, type Closing, type OrderRef, type Outcome, type Queried, type Taken } from '../contract';
import type { AlipayAnswer, Link } from './link';
import { DONE, isNotFound, notKnown } from './refusals';
import { beijingDate, instant, said, yuan, type Word } from './words';

/** Asks about an order of any kind: page, code, app or debit under an agreement. */
export async function askOrder(link: Link, { orderNo }: OrderRef, signal: AbortSignal): Promise<Closing> {
  const answer = await link.call({ method: 'alipay.trade.query', biz: { out_trade_no: orderNo } }, signal);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  return answer.code === DONE ? tradeOutcome(answer.word, orderNo) : notKnown(answer);
}

export async function queryDebit(link: Link, order: OrderRef, signal: AbortSignal): Promise<Queried<Taken>> {
  const outcome = await askOrder(link, order, signal);
  return outcome.outcome === 'closed' ? CLOSED_UNPAID : outcome;
}

/** Closed without having been paid: Alipay's explicit and last word, of which it never tells the cause. */
export const CLOSED_UNPAID: Outcome<never> = declined('other');

/** `closed` only on Alipay's own word; an order that was paid before is told as paid. */
export async function closeOrder(link: Link, order: OrderRef, signal: AbortSignal): Promise<Closing> {
  const answer = await link.call({ method: 'alipay.trade.close', biz: { out_trade_no: order.orderNo } }, signal);
  if (answer.code === DONE) return closedWord(answer, order.orderNo);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  return answer.code === '40004' ? askOrder(link, order, signal) : notKnown(answer);
}

function closedWord({ word }: AlipayAnswer, asked: string): Closing {
  const isOurs = said(word, 'out_trade_no') === asked;
  return isOurs ? { outcome: 'closed' } : { outcome: 'unknown', cause: 'another order was answered' };
}

/**
 * `TRADE_CLOSED` means two things: never paid, or paid and then given back wholly. What was paid once is a success, and what
 * went back is told by the refunds. `TRADE_FINISHED` is paid and past all refunds.
 */
export function tradeOutcome(word: Word, asked: string): Closing {
  if (said(word, 'out_trade_no') !== asked) return { outcome: 'unknown', cause: 'another order was answered' };
  switch (said(word, 'trade_status')) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return taken(word);
    case 'TRADE_CLOSED':
      return wasPaid(word) ? taken(word) : { outcome: 'closed' };
    case 'WAIT_BUYER_PAY':
      return { outcome: 'pending' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

const PAID_AT = ['send_pay_date', 'gmt_payment'];
const PAID_SUMS = ['receipt_amount', 'buyer_pay_amount', 'refund_fee'];

export const wasPaid = (word: Word): boolean =>
  PAID_AT.some((name) => said(word, name) !== '') || PAID_SUMS.some((name) => (yuan(said(word, name)) ?? 0n) > 0n);

/** A success names sum and transaction; where it leaves out the time, the accounting date stays open. */
export function taken(word: Word): Outcome<Taken> {
  const amount = yuan(said(word, 'total_amount'));
  const providerTxnId = said(word, 'trade_no');
  if (amount === null || providerTxnId === '')
    return { outcome: 'unknown', cause: 'a success that lacks its sum or its transaction' };
  const paidAt = instant(PAID_AT.map((name) => said(word, name)).find((text) => text !== '') ?? '');
  return {
    outcome: 'succeeded',
    orderNo: said(word, 'out_trade_no'),
    providerTxnId,
    amount,
    currency: said(word, 'trans_currency') || 'CNY',
    businessDate: paidAt && beijingDate(paidAt),
    completedAt: paidAt ?? new Date(),
  };
}

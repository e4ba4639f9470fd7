import { formatMajor } from '@yidian/money';
import { declined, type Outcome, type Queried, type RefundRequest, type Returned } from '../contract';
import type { Link } from './link';
import { wasPaid } from './orders';
import { DONE, isNotFound, notKnown, refusal } from './refusals';
import { beijingDate, instant, said, yuan, type Word } from './words';

/**
 * The refund number is the key (`out_request_no`): sent again it gives money back once. The answer to the order itself only
 * sums what went back under the whole trade, so that this refund's own sum and number come from asking about it.
 */
export async function refund(link: Link, request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>> {
  if (request.kind === 'reversal') return cancel(link, request, signal);
  const biz = {
    out_trade_no: request.original.orderNo,
    refund_amount: formatMajor(request.amount),
    out_request_no: request.orderNo,
  };
  const answer = await link.call({ method: 'alipay.trade.refund', biz }, signal);
  if (answer.code !== DONE) return refusal(answer);
  if (said(answer.word, 'out_trade_no') !== request.original.orderNo)
    return { outcome: 'unknown', cause: 'a refund of another order was answered' };
  const asked = await queryRefund(link, request, signal);
  return asked.outcome === 'not_found' ? { outcome: 'pending' } : asked;
}

export async function queryRefund(link: Link, request: RefundRequest, signal: AbortSignal): Promise<Queried<Returned>> {
  if (request.kind === 'reversal') return cancelled(link, request, signal);
  const { orderNo, original } = request;
  const biz = {
    out_trade_no: original.orderNo,
    out_request_no: orderNo,
    query_options: ['gmt_refund_pay'],
  };
  const answer = await link.call({ method: 'alipay.trade.fastpay.refund.query', biz }, signal);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  return answer.code === DONE ? refundOutcome(answer.word, request) : notKnown(answer);
}

/** A success of the question without a refund in it: none was carried out under this number (yet). */
function refundOutcome(word: Word, { orderNo, original }: RefundRequest): Queried<Returned> {
  const status = said(word, 'refund_status');
  if (status === '' && said(word, 'refund_amount') === '') return { outcome: 'not_found' };
  if (said(word, 'out_request_no') !== orderNo || said(word, 'out_trade_no') !== original.orderNo)
    return { outcome: 'unknown', cause: 'another refund was answered' };
  switch (status) {
    case 'REFUND_SUCCESS':
      return returned(word, said(word, 'refund_amount'), said(word, 'gmt_refund_pay'));
    case 'REFUND_PROCESSING':
      return { outcome: 'pending' };
    case 'REFUND_FAIL':
      return declined('other', said(word, 'trade_no'));
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

/** Alipay has no number of its own for a refund: it goes by the trade's. */
export function returned(word: Word, sum: string, time: string): Outcome<Returned> {
  const amount = yuan(sum);
  const trade = said(word, 'trade_no');
  if (amount === null || trade === '') return { outcome: 'unknown', cause: 'a success that lacks its sum' };
  const completedAt = instant(time);
  return {
    outcome: 'succeeded',
    orderNo: said(word, 'out_request_no') || said(word, 'out_biz_no'),
    providerTxnId: trade,
    amount,
    currency: said(word, 'refund_currency') || said(word, 'trans_currency') || 'CNY',
    businessDate: completedAt && beijingDate(completedAt),
    completedAt: completedAt ?? new Date(),
  };
}

/**
 * Cancels the whole order: given back when it was paid, closed for ever when it was not. One order has one cancellation, so
 * its number at Alipay is the order's; how much went back is asked of the order.
 */
async function cancel(link: Link, request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>> {
  const { orderNo } = request.original;
  const answer = await link.call({ method: 'alipay.trade.cancel', biz: { out_trade_no: orderNo } }, signal);
  if (answer.code !== DONE) return refusal(answer);
  const { word } = answer;
  if (said(word, 'out_trade_no') !== orderNo) return { outcome: 'unknown', cause: 'another order was answered' };
  if (said(word, 'retry_flag') === 'Y') return { outcome: 'pending' };
  const asked = await cancelled(link, request, signal);
  return asked.outcome === 'not_found' ? { outcome: 'pending' } : asked;
}

/** A paid order that is closed now has gone back wholly; one that is still paid has not been cancelled. */
async function cancelled(link: Link, request: RefundRequest, signal: AbortSignal): Promise<Queried<Returned>> {
  const { original, orderNo } = request;
  const answer = await link.call({ method: 'alipay.trade.query', biz: { out_trade_no: original.orderNo } }, signal);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  if (answer.code !== DONE) return notKnown(answer);
  const { word } = answer;
  if (said(word, 'out_trade_no') !== original.orderNo)
    return { outcome: 'unknown', cause: 'another order was answered' };
  switch (said(word, 'trade_status')) {
    case 'TRADE_SUCCESS':
      return { outcome: 'not_found' };
    case 'TRADE_CLOSED':
      if (!wasPaid(word)) return { outcome: 'not_executed', cause: 'the order had not been paid' };
      return returned({ ...word, out_request_no: orderNo }, said(word, 'total_amount'), '');
    default:
      return { outcome: 'unknown', cause: 'neither paid nor given back' };
  }
}

import { fromJson, toJson } from '@yidian/money';
import { declined, NotSent, type Outcome, type Queried, type RefundRequest, type Returned } from '../contract';
import type { Link } from './link';
import { isNotFound, refusal } from './refusals';
import { beijingDate, errorOf, instant, parse, refundWord, type RefundWord } from './words';

const REFUNDS = '/v3/refund/domestic/refunds';

/** The refund number is the key: sent again it gives money back once. */
export async function refund(
  link: Link,
  notifyUrl: string,
  request: RefundRequest,
  signal: AbortSignal,
): Promise<Outcome<Returned>> {
  const { orderNo, amount, currency, kind, original } = request;
  if (kind === 'reversal') throw new NotSent('WeChat Pay reverses only payment codes: money goes back by refund');
  const answer = await link.post(
    REFUNDS,
    {
      out_trade_no: original.orderNo,
      out_refund_no: orderNo,
      notify_url: notifyUrl,
      amount: { refund: toJson(amount), total: toJson(original.amount), currency },
    },
    signal,
  );
  if (answer.status !== 200) return refusal(answer);
  const word = parse(refundWord, answer.body);
  if (word.out_trade_no && word.out_trade_no !== original.orderNo)
    return { outcome: 'unknown', cause: 'a refund of another order was answered' };
  return refundOutcome(word, word.status, orderNo);
}

export async function queryRefund(
  link: Link,
  { orderNo }: RefundRequest,
  signal: AbortSignal,
): Promise<Queried<Returned>> {
  const answer = await link.get(`${REFUNDS}/${encodeURIComponent(orderNo)}`, signal);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  if (answer.status !== 200)
    return { outcome: 'unknown', cause: `HTTP ${answer.status} ${errorOf(answer.body).code}`.trim() };
  const word = parse(refundWord, answer.body);
  return refundOutcome(word, word.status, orderNo);
}

/**
 * `ABNORMAL` is no refusal: the money has left our account and did not reach the payer's, and somebody sends it on at the
 * merchant platform. Giving it back another way at the same time would give it twice.
 */
export function refundOutcome(word: RefundWord, status: string | null | undefined, asked: string): Outcome<Returned> {
  if (word.out_refund_no !== asked) return { outcome: 'unknown', cause: 'another refund was answered' };
  switch (status) {
    case 'SUCCESS':
      return returned(word);
    case 'PROCESSING':
      return { outcome: 'pending' };
    case 'CLOSED':
      return declined('other', word.refund_id ?? '');
    case 'ABNORMAL':
      return { outcome: 'unknown', cause: 'abnormal: to be sent on at the merchant platform' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

/** Domestic refunds are in yuan: notifications about them name no currency, answers do. */
function returned(word: RefundWord): Outcome<Returned> {
  const { out_refund_no, refund_id, amount, success_time } = word;
  const completedAt = instant(success_time);
  if (!refund_id || typeof amount?.refund !== 'number' || !completedAt)
    return { outcome: 'unknown', cause: 'a success that lacks its sum, its time or its transaction' };
  return {
    outcome: 'succeeded',
    orderNo: out_refund_no,
    providerTxnId: refund_id,
    amount: fromJson(amount.refund),
    currency: amount.currency ?? 'CNY',
    businessDate: beijingDate(completedAt),
    completedAt,
  };
}

import { fromJson, toJson } from '@yidian/money';
import { declined, type Closing, type OrderRef, type Queried, type Taken } from '../contract';
import type { Link } from './link';
import type { Merchant } from './merchant';
import { isNotFound, reasonOf } from './refusals';
import { errorOf, instant, parse, beijingDate, transactionWord, type TransactionWord } from './words';

export const fen = (amount: bigint, currency: string): { total: number; currency: string } => ({
  total: toJson(amount),
  currency,
});

const orderPath = (orderNo: string): string => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderNo)}`;

/** Asks about an order of any kind: page, app or deduction under an agreement. */
export async function askOrder(
  link: Link,
  merchant: Merchant,
  { orderNo }: OrderRef,
  signal: AbortSignal,
): Promise<Closing> {
  const answer = await link.get(`${orderPath(orderNo)}?mchid=${encodeURIComponent(merchant.mchid)}`, signal);
  if (isNotFound(answer)) return { outcome: 'not_found' };
  if (answer.status !== 200)
    return { outcome: 'unknown', cause: `HTTP ${answer.status} ${errorOf(answer.body).code}`.trim() };
  return transactionOutcome(parse(transactionWord, answer.body), orderNo);
}

export async function queryDebit(
  link: Link,
  merchant: Merchant,
  order: OrderRef,
  signal: AbortSignal,
): Promise<Queried<Taken>> {
  const outcome = await askOrder(link, merchant, order, signal);
  return outcome.outcome === 'closed' ? { outcome: 'not_executed', cause: 'closed at WeChat Pay' } : outcome;
}

/** `closed` only on WeChat Pay's own word; an order that was paid before is told as paid. */
export async function closeOrder(
  link: Link,
  merchant: Merchant,
  order: OrderRef,
  signal: AbortSignal,
): Promise<Closing> {
  const answer = await link.post(`${orderPath(order.orderNo)}/close`, { mchid: merchant.mchid }, signal);
  if (answer.status === 204) return { outcome: 'closed' };
  if (isNotFound(answer)) return { outcome: 'not_found' };
  if (answer.status >= 500) return { outcome: 'unknown', cause: `HTTP ${answer.status}` };
  return askOrder(link, merchant, order, signal);
}

/**
 * `REFUND` says that money was taken and later given back, wholly or in part: the payment itself succeeded, and what went
 * back is told by the refunds.
 */
export function transactionOutcome(word: TransactionWord, asked: string): Closing {
  if (word.out_trade_no !== asked) return { outcome: 'unknown', cause: 'another order was answered' };
  switch (word.trade_state) {
    case 'SUCCESS':
    case 'REFUND':
      return taken(word);
    case 'NOTPAY':
    case 'USERPAYING':
    case 'ACCEPT':
      return { outcome: 'pending' };
    case 'PAYERROR':
      return declined(reasonOf(word.trade_state_desc), word.transaction_id ?? '');
    case 'CLOSED':
      return { outcome: 'closed' };
    case 'REVOKED':
      return { outcome: 'not_executed', cause: 'revoked at WeChat Pay' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

function taken(word: TransactionWord): Queried<Taken> {
  const { out_trade_no, transaction_id, amount, success_time } = word;
  const completedAt = instant(success_time);
  if (!transaction_id || !amount?.currency || typeof amount.total !== 'number' || !completedAt)
    return { outcome: 'unknown', cause: 'a success that lacks its sum, its time or its transaction' };
  return {
    outcome: 'succeeded',
    orderNo: out_trade_no,
    providerTxnId: transaction_id,
    amount: fromJson(amount.total),
    currency: amount.currency,
    businessDate: beijingDate(completedAt),
    completedAt,
  };
}

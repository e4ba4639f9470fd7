import { NotSent, type OrderRef, type Outcome, type Queried, type Returned, type Taken } from '../contract';
import { isDone, NOT_FOUND, refusal } from './codes';
import type { Fields } from './fields';
import type { Asked, Link } from './link';
import { nearestDate, nearestInstant, txnInstant, txnTime } from './times';

export interface OrderPlace {
  link: Link;
  notifyUrl: string;
  accessType: string;
  queryBizType: string;
}

/** UnionPay knows an order by merchant, number and time together. */
export const identity = ({ orderNo, orderedAt }: OrderRef): Asked => ({
  orderId: orderNo,
  txnTime: txnTime(orderedAt),
});

/** UnionPay's numbers of currencies (ISO 4217); a sum in another one is no sum of ours. */
export const YUAN = '156';
const CURRENCIES: Readonly<Record<string, string>> = { [YUAN]: 'CNY' };

/** Asks about an order of any kind: page, code, debit, refund or reversal. */
export async function queryOrder(place: OrderPlace, order: OrderRef, signal: AbortSignal): Promise<Queried<Taken>> {
  const answer = await place.link.post(
    'queryTrans.do',
    {
      txnType: '00',
      txnSubType: '00',
      bizType: place.queryBizType,
      accessType: place.accessType,
      ...identity(order),
    },
    signal,
  );
  const code = answer.get('respCode') ?? '';
  if (!isAbout(answer, order)) return { outcome: 'unknown', cause: 'another order was answered' };
  if (code === NOT_FOUND) return { outcome: 'not_found' };
  if (code !== '00') return { outcome: 'unknown', cause: `query answered with code ${code}` };
  return orderOutcome(answer, answer.get('origRespCode') ?? '');
}

export function isAbout(answer: Fields, order: OrderRef): boolean {
  return Object.entries(identity(order)).every(([name, value]) => answer.get(name) === value);
}

/** What a code means to the order whose facts stand beside it, in a query's answer or in a notification. */
export function orderOutcome(fields: Fields, code: string): Outcome<Taken> {
  return isDone(code) ? taken(fields) : refusal(code, fields.get('queryId') ?? '');
}

function taken(fields: Fields): Outcome<Returned> {
  const said = (name: string): string => fields.get(name) ?? '';
  const orderedAt = txnInstant(said('txnTime'));
  const currency = CURRENCIES[said('currencyCode')];
  if (!orderedAt || currency === undefined || said('queryId') === '' || !/^\d{1,15}$/.test(said('txnAmt')))
    return { outcome: 'unknown', cause: 'a success that lacks its sum, its currency, its time or its number' };
  return {
    outcome: 'succeeded',
    orderNo: said('orderId'),
    providerTxnId: said('queryId'),
    amount: BigInt(said('txnAmt')),
    currency,
    businessDate: nearestDate(said('settleDate'), orderedAt),
    completedAt: nearestInstant(said('traceTime'), orderedAt) ?? orderedAt,
  };
}

/**
 * The answer to what was asked for: done means accepted, no more; its own word comes by notification or by asking. The sum
 * is compared where the answer repeats it.
 */
export function accepted(answer: Fields, order: OrderRef, once: boolean): Outcome<Taken> {
  if (!isAbout(answer, order)) return { outcome: 'unknown', cause: 'another order was answered' };
  const sum = answer.get('txnAmt');
  if (sum !== undefined && sum !== order.amount.toString())
    return { outcome: 'unknown', cause: 'another sum was answered' };
  const code = answer.get('respCode') ?? '';
  return isDone(code) ? { outcome: 'pending' } : refusal(code, answer.get('queryId') ?? '', once);
}

/** @throws NotSent for another currency: nothing has left */
export function sumOf({ amount, currency }: OrderRef): Asked {
  if (currency !== 'CNY') throw new NotSent('UnionPay takes yuan');
  return { txnAmt: amount.toString(), currencyCode: YUAN };
}

/** Signs that part fields and values, which UnionPay repeats without escaping them. */
export const note = (text: string): string => [...text.replace(/[&=+{}[\]]/g, ' ').trim()].slice(0, 32).join('');

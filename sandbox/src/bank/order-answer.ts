import { toJson } from '@yidian/money';
import type { Order, Refund } from './bank-book';

/** How an answer leaves: as it is, as HTTP 500, as a cut line, or never. */
export interface Reply {
  delivery: 'answer' | 'error' | 'cut' | 'hang';
  delayMs: number;
  status: number;
  body: object;
}

export function reply(body: object, over: Partial<Reply> = {}): Reply {
  return { delivery: 'answer', delayMs: 0, status: 200, body, ...over };
}

export function refusal(status: number, code: string): Reply {
  return reply({ code }, { status });
}

/** An order in the words of the interface; `status` may be told otherwise than it is (a pending order that is hidden). */
export function orderBody(order: Order, status = order.status): object {
  if (status === 'not_found') return { attempt_no: order.attemptNo, status };
  const done = status === 'succeeded';
  return {
    attempt_no: order.attemptNo,
    status,
    ...(status === 'declined' ? { reason: order.reason } : {}),
    txn_id: order.txnId,
    amount: toJson(BigInt(order.amount)),
    currency: 'CNY',
    business_date: order.date,
    ...(done ? { completed_at: order.at } : {}),
  };
}

export function refundBody(refund: Refund): object {
  return {
    refund_no: refund.refundNo,
    attempt_no: refund.attemptNo,
    status: refund.status,
    ...(refund.reason === undefined ? {} : { reason: refund.reason }),
    txn_id: refund.txnId,
    amount: toJson(BigInt(refund.amount)),
    currency: 'CNY',
    business_date: refund.date,
    completed_at: refund.at,
  };
}

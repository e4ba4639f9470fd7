import { toJson } from '@yidian/money';
import type { Outcome, Queried, RefundRequest, Returned } from '../contract';
import { settled } from './debits';
import type { Link } from './link';
import { orderOutcome, parse, refundAnswer } from './words';

/** The refund number is the key: sent again it gives money back once. */
export async function refund(link: Link, request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>> {
  const { status, body } = await link.post(
    '/v1/refunds',
    {
      refund_no: request.orderNo,
      attempt_no: request.original.orderNo,
      amount: toJson(request.amount),
      currency: request.currency,
      kind: request.kind,
    },
    signal,
  );
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(refundAnswer, body);
  return settled(orderOutcome(word, word.refund_no, request.orderNo));
}

export async function queryRefund(
  link: Link,
  { orderNo }: RefundRequest,
  signal: AbortSignal,
): Promise<Queried<Returned>> {
  const { status, body } = await link.post('/v1/refunds/query', { refund_no: orderNo }, signal);
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(refundAnswer, body);
  const outcome = orderOutcome(word, word.refund_no, orderNo);
  return outcome.outcome === 'closed' ? { outcome: 'unknown', cause: 'answered closed' } : outcome;
}

import { toJson } from '@yidian/money';
import type { DebitRequest, OrderRef, Outcome, Queried, Taken } from '../contract';
import type { Link } from './link';
import { attemptAnswer, orderOutcome, parse } from './words';

export async function debit(link: Link, request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>> {
  const { status, body } = await link.post(
    '/v1/debits',
    {
      attempt_no: request.orderNo,
      agreement_ref: request.agreementRef,
      amount: toJson(request.amount),
      currency: request.currency,
      order_note: request.orderNote,
    },
    signal,
  );
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(attemptAnswer, body);
  return settled(orderOutcome(word, word.attempt_no, request.orderNo));
}

export async function queryDebit(link: Link, { orderNo }: OrderRef, signal: AbortSignal): Promise<Queried<Taken>> {
  const { status, body } = await link.post('/v1/debits/query', { attempt_no: orderNo }, signal);
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(attemptAnswer, body);
  const outcome = orderOutcome(word, word.attempt_no, orderNo);
  return outcome.outcome === 'closed' ? { outcome: 'not_executed', cause: 'closed at the bank' } : outcome;
}

/** To a request of ours only an outcome of an order is an answer; "not found" and "closed" would be about another one. */
export function settled<T extends Taken>(outcome: Queried<T> | { outcome: 'closed' }): Outcome<T> {
  if (outcome.outcome === 'not_found' || outcome.outcome === 'closed') {
    return { outcome: 'unknown', cause: `answered ${outcome.outcome}` };
  }
  return outcome;
}

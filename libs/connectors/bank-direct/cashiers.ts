import { toJson } from '@yidian/money';
import type { CashierAnswer, CashierRequest, Closing, OrderRef } from '../contract';
import type { Link } from './link';
import { attemptAnswer, cashierAnswer, orderOutcome, parse } from './words';

export async function openCashier(link: Link, request: CashierRequest, signal: AbortSignal): Promise<CashierAnswer> {
  const { status, body } = await link.post(
    '/v1/cashiers',
    {
      attempt_no: request.orderNo,
      amount: toJson(request.amount),
      currency: request.currency,
      expires_in: request.expiresInSeconds,
      return_url: request.returnUrl,
    },
    signal,
  );
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(cashierAnswer, body);
  if (word.attempt_no !== request.orderNo) return { outcome: 'unknown', cause: 'another order was answered' };
  return { outcome: 'opened', payUrl: word.pay_url, expiresAt: new Date(word.expires_at) };
}

/** Only the bank's own `closed` says that the payer can no longer pay. */
export async function closeCashier(link: Link, { orderNo }: OrderRef, signal: AbortSignal): Promise<Closing> {
  const { status, body } = await link.post('/v1/cashiers/close', { attempt_no: orderNo }, signal);
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(attemptAnswer, body);
  return orderOutcome(word, word.attempt_no, orderNo);
}

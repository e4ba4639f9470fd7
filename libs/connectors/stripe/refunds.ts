import { toJson } from '@yidian/money';
import { declined, type Outcome, type Queried, type RefundRequest, type Returned } from '../contract';
import type { StripeApi } from './api';
import { keyLives } from './debits';
import { isMissing, refusedRefund } from './failures';
import { findOrder } from './find-order';
import { reasonOf } from './reasons';
import { at, beijingDate, idOf, listOf, money, ORDER_NO, REFUND_NO, refundWord, type RefundWord } from './words';

/** The refund number is the idempotency key; once Stripe has forgotten such keys, the payment's refunds are read first. */
export async function refund(api: StripeApi, request: RefundRequest, signal: AbortSignal): Promise<Outcome<Returned>> {
  const payment = await paymentOf(api, request, signal);
  if (payment === '') throw new Error('the payment to be refunded was not found');
  if (!keyLives(api, request)) {
    const known = await listed(api, payment, request.orderNo, signal);
    if (known) return refundOutcome(known, request.orderNo);
  }
  const asked = {
    payment_intent: payment,
    amount: toJson(request.amount),
    metadata: { [REFUND_NO]: request.orderNo, [ORDER_NO]: request.original.orderNo },
  };
  try {
    const options = { idempotencyKey: request.orderNo };
    const answer = await api.call(signal, (kit) => kit.refunds.create(asked, options));
    return refundOutcome(refundWord.parse(answer), request.orderNo);
  } catch (error) {
    return refusedRefund(error);
  }
}

export async function queryRefund(
  api: StripeApi,
  request: RefundRequest,
  signal: AbortSignal,
): Promise<Queried<Returned>> {
  const { providerTxnId, orderNo } = request;
  if (/^(re|pyr)_/.test(providerTxnId)) {
    const known = await byId(api, providerTxnId, signal);
    return known ? refundOutcome(known, orderNo) : { outcome: 'not_found' };
  }
  const payment = await paymentOf(api, request, signal);
  // A payment that is not there has no refunds.
  const known = payment === '' ? null : await listed(api, payment, orderNo, signal);
  return known ? refundOutcome(known, orderNo) : { outcome: 'not_found' };
}

/** Refunds are told by the number that Stripe repeats in the metadata. */
export function refundOutcome(word: RefundWord, asked: string): Outcome<Returned> {
  if (refundNoOf(word) !== asked) return { outcome: 'unknown', cause: 'another refund was answered' };
  switch (word.status) {
    case 'succeeded':
      return returned(word);
    case 'pending':
    case 'requires_action':
      return { outcome: 'pending' };
    case 'failed':
      return declined(
        FAILURES.has(word.failure_reason ?? '') ? 'account_closed' : reasonOf(word.failure_reason),
        word.id,
      );
    case 'canceled':
      return declined('other', word.id);
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

export const refundNoOf = (word: RefundWord): string => word.metadata?.[REFUND_NO] ?? '';

const FAILURES = new Set(['lost_or_stolen_card', 'expired_or_canceled_card']);

function returned(word: RefundWord): Outcome<Returned> {
  if (word.created === undefined) return { outcome: 'unknown', cause: 'a success that lacks its time' };
  const completedAt = at(word.created);
  return {
    outcome: 'succeeded',
    orderNo: refundNoOf(word),
    providerTxnId: word.id,
    ...money(word.amount, word.currency),
    businessDate: beijingDate(completedAt),
    completedAt,
  };
}

/** '' when there is no such payment. */
async function paymentOf(api: StripeApi, { original }: RefundRequest, signal: AbortSignal): Promise<string> {
  if (original.providerTxnId.startsWith('pi_')) return original.providerTxnId;
  const found = await findOrder(api, { ...original, providerTxnId: '' }, signal);
  if (!found) return '';
  return 'intent' in found ? found.intent.id : idOf(found.session.payment_intent);
}

async function byId(api: StripeApi, id: string, signal: AbortSignal): Promise<RefundWord | null> {
  try {
    return refundWord.parse(await api.call(signal, (kit) => kit.refunds.retrieve(id)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Lists do not lag behind; a payment with more refunds than a page holds is not one of ours. */
async function listed(
  api: StripeApi,
  payment: string,
  refundNo: string,
  signal: AbortSignal,
): Promise<RefundWord | null> {
  const answer = await api.call(signal, (kit) => kit.refunds.list({ payment_intent: payment, limit: 100 }));
  const { data, has_more } = listOf(refundWord).parse(answer);
  const found = data.find((word) => refundNoOf(word) === refundNo);
  if (!found && has_more) throw new Error('more refunds than can be read at once');
  return found ?? null;
}

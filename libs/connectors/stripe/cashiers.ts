import { toJson } from '@yidian/money';
import type { CashierAnswer, CashierRequest, Closing, OrderRef } from '../contract';
import type { StripeApi } from './api';
import { foundOutcome } from './debits';
import { isRefused, refusedPage } from './failures';
import { findOrder } from './find-order';
import { at, intentWord, ORDER_KIND, ORDER_NO, sessionWord } from './words';

const SHORTEST_S = 30 * 60;
const LONGEST_S = 24 * 3_600;
/** A page lives for 30 minutes at least, counted from when Stripe makes it: room for an order that waited for us. */
const WAITED_S = 15 * 60;

/**
 * When the page ends. It follows from the order alone: under one idempotency key the same request must be the same. The
 * platform's own, often shorter, expiry is kept by closing the page.
 */
export function pageEnd({
  orderedAt,
  expiresInSeconds,
}: Pick<CashierRequest, 'orderedAt' | 'expiresInSeconds'>): number {
  const lives = Math.min(Math.max(expiresInSeconds, SHORTEST_S + WAITED_S), LONGEST_S - WAITED_S);
  return Math.floor(orderedAt.getTime() / 1_000) + lives;
}

export async function openCashier(
  api: StripeApi,
  request: CashierRequest,
  methods: readonly string[],
  signal: AbortSignal,
): Promise<CashierAnswer> {
  if (request.presentation !== 'redirect') return { outcome: 'not_executed', cause: 'a page to go to is all there is' };
  const metadata = { [ORDER_NO]: request.orderNo, [ORDER_KIND]: 'cashier' };
  const price = {
    currency: request.currency.toLowerCase(),
    unit_amount: toJson(request.amount),
    product_data: { name: request.orderNote },
  };
  const asked = {
    mode: 'payment' as const,
    line_items: [{ quantity: 1, price_data: price }],
    client_reference_id: request.orderNo,
    success_url: request.returnUrl,
    cancel_url: request.returnUrl,
    expires_at: pageEnd(request),
    metadata,
    payment_intent_data: { metadata, description: request.orderNote },
    ...(methods.length > 0 ? { payment_method_types: [...methods] as 'card'[] } : {}),
  };
  try {
    const options = { idempotencyKey: request.orderNo };
    const answer = await api.call(signal, (kit) => kit.checkout.sessions.create(asked, options));
    return pageOf(answer, request);
  } catch (error) {
    return refusedPage(error);
  }
}

function pageOf(answer: unknown, request: CashierRequest): CashierAnswer {
  const { client_reference_id: orderNo, amount_total, currency, url, expires_at } = sessionWord.parse(answer);
  if (orderNo !== request.orderNo) return { outcome: 'unknown', cause: 'another order was answered' };
  const sum = typeof amount_total === 'number' ? BigInt(amount_total) : null;
  if (sum !== request.amount || currency?.toUpperCase() !== request.currency)
    return { outcome: 'unknown', cause: 'a page for another sum' };
  if (!url || typeof expires_at !== 'number') return { outcome: 'unknown', cause: 'a page without its address' };
  return { outcome: 'opened', payUrl: url, expiresAt: at(expires_at) };
}

/** Only Stripe's own word ends an order; one that was paid before is told as paid. */
export async function closeCashier(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Closing> {
  const found = await findOrder(api, order, signal);
  if (!found) return { outcome: 'not_found' };
  const before = foundOutcome(found, order.orderNo);
  if (before.outcome !== 'pending') return before;
  try {
    if ('session' in found) {
      const { id } = found.session;
      const { status } = sessionWord.parse(await api.call(signal, (kit) => kit.checkout.sessions.expire(id)));
      if (status === 'expired') return { outcome: 'closed' };
    } else {
      const { id } = found.intent;
      const { status } = intentWord.parse(await api.call(signal, (kit) => kit.paymentIntents.cancel(id)));
      if (status === 'canceled') return { outcome: 'closed' };
    }
  } catch (error) {
    // It moved on in the meantime: what it became is asked.
    if (!isRefused(error)) throw error;
  }
  const now = await findOrder(api, order, signal);
  return now ? foundOutcome(now, order.orderNo) : { outcome: 'unknown', cause: 'it is gone' };
}

import { toJson } from '@yidian/money';
import type { Closing, DebitRequest, OrderRef, Outcome, Queried, Taken } from '../contract';
import type { StripeApi } from './api';
import { refusedDebit } from './failures';
import { findOrder, type Found } from './find-order';
import { intentOutcome, isCashier, orderNoOf, sessionOutcome, settled } from './intents';
import { intentWord, ORDER_KIND, ORDER_NO } from './words';

/** Stripe keeps an idempotency key for a day; after that the same number would take the money once more. */
const KEY_LIVES_MS = 23 * 3_600_000;

/** Whether sending under the order's own number is still guarded by it. */
export const keyLives = (api: StripeApi, { orderedAt }: OrderRef): boolean =>
  api.now().getTime() - orderedAt.getTime() < KEY_LIVES_MS;

/** Takes the money without the payer: the attempt number is the idempotency key, so that it is taken once. */
export async function debit(
  api: StripeApi,
  request: DebitRequest,
  methods: readonly string[],
  signal: AbortSignal,
): Promise<Outcome<Taken>> {
  if (!keyLives(api, request)) {
    const known = await findOrder(api, request, signal);
    if (known) return settled(foundOutcome(known, request.orderNo));
  }
  const { customer, paymentMethod } = accountOf(request.agreementRef);
  const asked = {
    amount: toJson(request.amount),
    currency: request.currency.toLowerCase(),
    customer,
    payment_method: paymentMethod,
    // Named, or Stripe counts in kinds that need the payer to be sent back to us.
    payment_method_types: [...methods],
    off_session: true,
    confirm: true,
    description: request.orderNote,
    metadata: { [ORDER_NO]: request.orderNo, [ORDER_KIND]: 'debit' },
    expand: ['latest_charge'],
  };
  try {
    const options = { idempotencyKey: request.orderNo };
    const answer = await api.call(signal, (kit) => kit.paymentIntents.create(asked, options));
    return settled(foundOutcome({ intent: intentWord.parse(answer) }, request.orderNo));
  } catch (error) {
    return refusedDebit(error, request.orderNo);
  }
}

export async function queryDebit(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Queried<Taken>> {
  const found = await findOrder(api, order, signal);
  return found ? settled(foundOutcome(found, order.orderNo)) : { outcome: 'not_found' };
}

/** An answer about another order proves nothing about this one, whatever it says. */
export function foundOutcome(found: NonNullable<Found>, asked: string): Closing {
  const said = orderNoOf('session' in found ? found.session : found.intent);
  if (said !== asked) return { outcome: 'unknown', cause: 'another order was answered' };
  return 'session' in found ? sessionOutcome(found.session) : intentOutcome(found.intent, isCashier(found.intent));
}

/** An agreement is a customer and a payment method of his. */
export const agreementRefOf = (customer: string, paymentMethod: string): string => `${customer}:${paymentMethod}`;

export function accountOf(agreementRef: string): { customer: string; paymentMethod: string } {
  const [customer = '', paymentMethod = ''] = agreementRef.split(':');
  return { customer, paymentMethod };
}

import { errorBody, intentObject, refundObject, sessionObject, type Json } from '@yidian/connectors/stripe/wire';
import { reply, type Reply } from '../bank/order-answer';
import type { Dispute, Intent, Method, Refund, Session, StripeBook } from './stripe-book';

export const refusal = (status: number, type: string, code: string, more: Json = {}): Reply =>
  reply(errorBody(type, code, more), { status });
export const missing = (param: string): Reply => refusal(404, 'invalid_request_error', 'resource_missing', { param });
export const malformed = (param: string): Reply =>
  refusal(400, 'invalid_request_error', 'parameter_missing', { param });

/** @param amount otherwise than it is, for an answer that lies */
export function intentBody(intent: Intent, amount = intent.amount): Json {
  const { id, currency, created, status, metadata, chargeId, declineCode, customer, method } = intent;
  const tried = status === 'succeeded' || declineCode !== undefined;
  const error =
    declineCode === undefined ? null : { type: 'card_error', code: 'card_declined', decline_code: declineCode };
  return intentObject({
    ...{ id, amount: Number(amount), currency, created, status, metadata, error },
    ...{ customer: customer || null, method: method || null },
    ...(tried ? { chargeId } : {}),
  });
}

export function methodBody({ id, customer, last4, metadata }: Method): Json {
  const card = { brand: 'visa', display_brand: 'visa', last4, exp_month: 12, exp_year: 2030 };
  return { id, object: 'payment_method', type: 'card', customer: customer || null, metadata, card };
}

export function setupBody(session: Session, method: Method | undefined): Json {
  const status = session.status === 'complete' ? 'succeeded' : 'requires_payment_method';
  return {
    ...{ id: session.setupId, object: 'setup_intent', status, customer: session.customer },
    ...{ metadata: session.innerMetadata, usage: 'off_session', payment_method: method ? methodBody(method) : null },
  };
}

/** As the API answers when it is asked to put the payment or the signature into it. */
export function sessionBody(book: StripeBook, session: Session, pagesUrl: string): Json {
  const { id, mode, status, created, expiresAt, reference, metadata, token, amount, currency } = session;
  const intent = book.intents.get(session.intentId);
  const setup = mode === 'setup' ? setupBody(session, book.methods.get(session.methodId)) : null;
  return sessionObject({
    ...{ id, mode, status, created, expiresAt, reference, metadata, setup },
    url: status === 'open' ? `${pagesUrl}/${token}` : null,
    customer: session.customer || null,
    intent: intent ? intentBody(intent) : null,
    ...(mode === 'payment' ? { amount: Number(amount), currency } : {}),
  });
}

/** @param amount otherwise than it is, for an answer that lies */
export function refundBody(refund: Refund, amount = refund.amount): Json {
  const { id, currency, created, status, metadata, intentId, failure } = refund;
  return refundObject({
    ...{ id, amount: Number(amount), currency, created, status, metadata, intent: intentId },
    ...(failure === undefined ? {} : { failure }),
  });
}

export function disputeBody({ id, amount, currency, created, intentId }: Dispute, chargeId: string): Json {
  return {
    ...{ id, object: 'dispute', amount: Number(amount), currency, created, status: 'needs_response' },
    ...{ reason: 'fraudulent', charge: chargeId, payment_intent: intentId, metadata: {}, livemode: false },
    balance_transactions: [{ id: `txn_${id.slice(3)}`, object: 'balance_transaction', amount: -Number(amount) }],
  };
}

/** Events name what belongs to an object by its id only. */
export function bare(object: Json): Json {
  const names = ['latest_charge', 'payment_intent', 'setup_intent', 'payment_method'];
  const id = (value: unknown) => (typeof value === 'object' && value !== null && 'id' in value ? value.id : value);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, names.includes(key) ? id(value) : value]),
  );
}

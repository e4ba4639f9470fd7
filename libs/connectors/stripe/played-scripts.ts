import type { IncomingMessage } from 'node:http';
import type { Script } from '../contract/conformance';
import {
  errorBody,
  intentObject,
  listObject,
  metadataOf,
  refundObject,
  searchObject,
  sessionObject,
  type Json,
} from './wire';

export interface Asked {
  method: string;
  path: string;
  query: ReadonlyMap<string, string>;
  form: ReadonlyMap<string, string>;
  headers: IncomingMessage['headers'];
}
/** null: the answer never comes. `text` goes out as it is. */
export type StripeAnswer = { status?: number; body?: Json; text?: string; cut?: boolean } | null;

const ORDER = '2611224321500731004201';
const REFUND = '26112243215007310042R01';

/** What Stripe says to any request under a script of the conformance suite. */
export function scripted(script: Script, asked: Asked, unix: number): StripeAnswer {
  switch (script) {
    case 'silent':
      return null;
    case 'server_error':
      return { status: 500, body: errorBody('api_error', '') };
    case 'cut_line':
      return { cut: true };
    case 'not_json':
      return { text: '<html>' };
    default:
      return answered(script, asked, unix);
  }
}

function answered(script: Script, asked: Asked, unix: number): StripeAnswer {
  const { method, path, query } = asked;
  if (path === '/v1/balance') return { body: { object: 'balance', available: [], pending: [], livemode: false } };
  if (method === 'GET' && path === '/v1/payment_intents/search')
    return { body: searchObject(path, script === 'not_found' ? [] : [intent(script, unix, {})]) };
  if (method === 'GET' && path.startsWith('/v1/payment_intents/')) return { body: intent(script, unix, {}) };
  if (method === 'GET' && path === '/v1/refunds')
    return {
      body: listObject(path, script === 'not_found' || !query.has('payment_intent') ? [] : [refund(script, unix, {})]),
    };
  if (method === 'GET') return { body: listObject(path, []) };
  if (script === 'not_found')
    return { status: 404, body: errorBody('invalid_request_error', 'resource_missing', { param: 'id' }) };
  if (path === '/v1/payment_intents') return debited(script, asked, unix);
  if (path === '/v1/refunds') return { body: refund(script, unix, metadataOf(asked.form)) };
  if (path === '/v1/checkout/sessions') return { body: page(script, asked, unix) };
  return { status: 404, body: errorBody('invalid_request_error', 'resource_missing') };
}

function debited(script: Script, { form }: Asked, unix: number): StripeAnswer {
  const made = intent(script, unix, metadataOf(form));
  if (script !== 'decline') return { body: made };
  const more = { decline_code: 'insufficient_funds', payment_intent: made };
  return { status: 402, body: errorBody('card_error', 'card_declined', more) };
}

function intent(script: Script, unix: number, metadata: Record<string, string>): Json {
  const declined = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
  const status = STATUS[script] ?? 'succeeded';
  const orderNo = script === 'wrong_order' ? 'X1' : (metadata['order_no'] ?? ORDER);
  return intentObject({
    id: 'pi_1',
    amount: script === 'wrong_amount' ? 5100 : 5000,
    currency: 'cny',
    created: unix,
    status,
    metadata: { order_kind: 'debit', ...metadata, order_no: orderNo },
    error: script === 'decline' ? declined : null,
    ...(status === 'succeeded' ? { chargeId: 'ch_1' } : {}),
  });
}

const STATUS: Partial<Record<Script, string>> = {
  decline: 'requires_payment_method',
  pending: 'processing',
  unlisted_status: 'maybe',
};

function refund(script: Script, unix: number, metadata: Record<string, string>): Json {
  const failed = script === 'decline';
  return refundObject({
    id: 're_1',
    amount: script === 'wrong_amount' ? 5100 : 5000,
    currency: 'cny',
    created: unix,
    status: failed ? 'failed' : script === 'pending' ? 'pending' : script === 'unlisted_status' ? 'maybe' : 'succeeded',
    metadata: { ...metadata, refund_no: script === 'wrong_order' ? 'X1' : (metadata['refund_no'] ?? REFUND) },
    intent: 'pi_1',
    ...(failed ? { failure: 'insufficient_funds' } : {}),
  });
}

function page(script: Script, { form }: Asked, unix: number): Json {
  const reference = script === 'wrong_order' ? 'X1' : (form.get('client_reference_id') ?? '');
  return sessionObject({
    id: 'cs_test_1',
    mode: 'payment',
    status: 'open',
    created: unix,
    expiresAt: Number(form.get('expires_at') ?? unix + 86_400),
    reference,
    metadata: metadataOf(form),
    url: 'https://checkout.stripe.example/c/pay/cs_test_1',
    amount: 5000,
    currency: 'cny',
  });
}

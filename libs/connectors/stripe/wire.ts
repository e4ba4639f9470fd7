import { createHmac } from 'node:crypto';

/** Stripe's side of the protocol, for those who play it: its objects, its errors, its signature, its forms. */
export type Json = Record<string, unknown>;

/** `Stripe-Signature` as Stripe makes it: one `v1` per secret. */
export function signatureHeader(body: string, secrets: readonly string[], unix: number, scheme = 'v1'): string {
  const signed = (secret: string) => createHmac('sha256', secret).update(`${unix}.${body}`).digest('hex');
  return [`t=${unix}`, ...secrets.map((secret) => `${scheme}=${signed(secret)}`)].join(',');
}

export function eventBody(id: string, type: string, object: Json, unix: number): string {
  const data = { object };
  const request = { id: null, idempotency_key: null };
  const head = { id, object: 'event', api_version: '2026-10-28.endive', created: unix, data, livemode: false };
  return JSON.stringify({ ...head, pending_webhooks: 1, request, type }, null, 2);
}

/** An error answer; `type` as Stripe groups them. */
export const errorBody = (type: string, code: string, more: Json = {}): Json => ({
  error: { type, code, message: `${code} (played)`, doc_url: `https://stripe.com/docs/error-codes/${code}`, ...more },
});

export interface IntentFacts {
  id: string;
  amount: number;
  currency: string;
  created: number;
  status: string;
  metadata: Record<string, string>;
  chargeId?: string;
  error?: Json | null;
  customer?: string | null;
  method?: string | null;
}

export function intentObject(facts: IntentFacts): Json {
  const {
    id,
    amount,
    currency,
    created,
    status,
    metadata,
    chargeId,
    error = null,
    customer = null,
    method = null,
  } = facts;
  const done = status === 'succeeded';
  const charge =
    chargeId === undefined ? null : { id: chargeId, object: 'charge', amount, currency, created, metadata };
  const parties = { customer, payment_method: method, payment_method_types: ['card'] };
  return {
    ...{ id, object: 'payment_intent', amount, amount_received: done ? amount : 0, currency, created, livemode: false },
    ...{ metadata, status, last_payment_error: error, latest_charge: charge, capture_method: 'automatic_async' },
    ...parties,
  };
}

export interface SessionFacts {
  id: string;
  mode: 'payment' | 'setup';
  status: 'open' | 'complete' | 'expired';
  created: number;
  expiresAt: number;
  reference: string;
  metadata: Record<string, string>;
  url: string | null;
  amount?: number;
  currency?: string;
  customer?: string | null;
  intent?: Json | string | null;
  setup?: Json | string | null;
}

export function sessionObject(facts: SessionFacts): Json {
  const { id, mode, status, created, expiresAt, reference, metadata, url, customer = null } = facts;
  const { amount, currency, intent = null, setup = null } = facts;
  const paid = mode === 'setup' ? 'no_payment_required' : status === 'complete' ? 'paid' : 'unpaid';
  return {
    ...{ id, object: 'checkout.session', mode, status, payment_status: paid, created, expires_at: expiresAt },
    ...{ client_reference_id: reference, metadata, url, customer, livemode: false },
    ...{ amount_total: amount ?? null, currency: currency ?? null, payment_intent: intent, setup_intent: setup },
  };
}

export interface RefundFacts {
  id: string;
  amount: number;
  currency: string;
  created: number;
  status: string;
  metadata: Record<string, string>;
  intent: string;
  charge?: string;
  failure?: string;
}

export function refundObject(facts: RefundFacts): Json {
  const { id, amount, currency, created, status, metadata, intent, charge = null, failure } = facts;
  const why = failure === undefined ? {} : { failure_reason: failure };
  return { id, object: 'refund', amount, currency, created, status, metadata, payment_intent: intent, charge, ...why };
}

export const listObject = (url: string, data: Json[], more = false): Json => ({
  object: 'list',
  url,
  has_more: more,
  data,
});
export const searchObject = (url: string, data: Json[]): Json => ({
  object: 'search_result',
  url,
  has_more: false,
  next_page: null,
  data,
});

/** `a[b]=c&d[0]=e` as a flat map of its names. */
export const formOf = (text: string): ReadonlyMap<string, string> => new Map(new URLSearchParams(text));

/** Members `metadata[x]` of a form. */
export function metadataOf(form: ReadonlyMap<string, string>, name = 'metadata'): Record<string, string> {
  const members = [...form].flatMap(([key, value]) => {
    const inner = key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : '';
    return inner === '' ? [] : [[inner, value] as const];
  });
  return Object.fromEntries(members);
}

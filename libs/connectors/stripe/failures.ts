import { declined, type Outcome } from '../contract';
import { StripeError } from './api';
import { reasonOf } from './reasons';
import { intentWord } from './words';

/**
 * The request itself does not fit, so that no API method began execution. 429 and 401 are of this kind by documentation:
 * the rate limiter and the check of the key run before anything else (docs.stripe.com/error-low-level). A lock time-out
 * has the same status and is not one of them.
 */
const NEVER_DONE = new Set([
  'parameter_invalid_empty',
  'parameter_invalid_integer',
  'parameter_invalid_string_blank',
  'parameter_invalid_string_empty',
  'parameter_missing',
  'parameter_unknown',
  'parameters_exclusive',
  'amount_too_small',
  'invalid_charge_amount',
  'url_invalid',
  'livemode_mismatch',
  'testmode_charges_only',
]);

/** The error as far as it counts; null for what is no answer of the API. */
function said(error: unknown) {
  if (!(error instanceof StripeError)) return null;
  const { statusCode = 0, rawType = '', code = '', decline_code: declineCode = '', param = '' } = error;
  if (statusCode < 400 || statusCode > 499) return null;
  return { statusCode, type: String(rawType), code, declineCode, param };
}

/** Refused before anything began: surely not executed, whatever was asked. */
function neverBegan(error: unknown): string | null {
  const word = said(error);
  if (!word) return null;
  const { statusCode, type, code } = word;
  if (statusCode === 429 || code === 'rate_limit') return code === 'rate_limit' || code === '' ? 'rate limit' : null;
  if (statusCode === 401) return 'the key was refused';
  if (type === 'invalid_request_error' && NEVER_DONE.has(code)) return code;
  return null;
}

/** @returns the outcome of a page or agreement that could not be made; what is not certain is thrown on */
export function refusedPage(error: unknown): { outcome: 'not_executed'; cause: string } {
  const cause = neverBegan(error);
  if (cause === null) throw error;
  return { outcome: 'not_executed', cause };
}

/**
 * A debit that was answered by an error. Only a card error is a refusal; 5xx, idempotency conflicts, locks, what is
 * not listed and what is no answer at all are thrown on, and the wrapper makes them unknown.
 */
export function refusedDebit(error: unknown, orderNo: string): Outcome<never> {
  const word = said(error);
  if (!word) throw error;
  const intent = intentWord.safeParse((error as { payment_intent?: unknown }).payment_intent);
  if (intent.success && (intent.data.metadata?.['order_no'] ?? orderNo) !== orderNo)
    return { outcome: 'unknown', cause: 'another order was answered' };
  const id = intent.success ? intent.data.id : '';
  if (word.statusCode === 402 && word.type === 'card_error') return declined(reasonOf(word.declineCode, word.code), id);
  // The account or the customer behind the agreement is not there any more.
  if (word.code === 'resource_missing' && /^(payment_method|customer)$/.test(word.param))
    return declined('agreement_ended', id);
  if (word.code === 'amount_too_large') return declined('limit', id);
  const reason = reasonOf(word.code);
  if (reason === 'agreement_ended') return declined(reason, id);
  const cause = neverBegan(error);
  if (cause === null) throw error;
  return { outcome: 'not_executed', cause };
}

/** Explicit refusals of refunds, by code; one about the sum has no code and names the parameter. */
const NO_REFUND = new Set([
  'charge_already_refunded',
  'charge_disputed',
  'charge_not_refundable',
  'refund_disputed_payment',
  'balance_insufficient',
  'insufficient_funds',
  'amount_too_large',
]);

export function refusedRefund(error: unknown): Outcome<never> {
  const word = said(error);
  if (!word) throw error;
  if (word.type === 'invalid_request_error') {
    const money = word.code === 'balance_insufficient' || word.code === 'insufficient_funds';
    if (NO_REFUND.has(word.code)) return declined(money ? 'insufficient_funds' : 'other');
    if (word.param === 'amount' && word.code === '') return declined('other');
    if (word.code === 'resource_missing' && /^(charge|payment_intent)$/.test(word.param)) return declined('other');
  }
  const cause = neverBegan(error);
  if (cause === null) throw error;
  return { outcome: 'not_executed', cause };
}

export const isMissing = (error: unknown): boolean => {
  const word = said(error);
  return word?.statusCode === 404 && word.code === 'resource_missing';
};

/** The request was understood and refused: the object is not in the state for it. */
export const isRefused = (error: unknown): boolean => said(error)?.statusCode === 400;

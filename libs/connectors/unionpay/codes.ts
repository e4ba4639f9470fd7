import { declined, type DeclineReason, type Outcome } from '../contract';

/**
 * UnionPay's answer codes. `respCode` is about the message it stands in, `origRespCode` about the order that was asked
 * about; both are read by the same table. What is not listed says nothing certain and stays unknown.
 */

/** A6: carried out, with something missing beside it (a text, a receipt): the money has moved. */
export const isDone = (code: string): boolean => code === '00' || code === 'A6';

/** The issuer, or the payer at a page, has the word: it ends by itself. */
const UNDER_WAY = new Set(['70', '83']);

/** Explicit refusals of an order that was understood: no money has moved. */
const DECLINES: Readonly<Record<string, DeclineReason>> = {
  '33': 'limit',
  '38': 'risk_refused',
  '40': 'agreement_ended',
  '61': 'account_closed',
  '62': 'risk_refused',
  '63': 'account_closed',
  '64': 'insufficient_funds',
  '65': 'authentication_failed',
  '66': 'authentication_failed',
  '67': 'authentication_failed',
  '68': 'other',
  '69': 'payer_cancelled',
  '71': 'authentication_failed',
  '72': 'authentication_failed',
  '73': 'card_expired',
  '76': 'authentication_failed',
  '77': 'other',
  '78': 'other',
  '79': 'other',
  '80': 'agreement_ended',
  '81': 'limit',
  '82': 'authentication_failed',
};

/** The message itself does not fit, so that it can never have been carried out, now or when it was sent before. */
const NEVER_DONE = new Set(['10', '13']);

/** Of a message sent for the first time only: had it come before, it may have been carried out then. */
const NOT_TAKEN_UP = new Set(['11', '31', '32', '43']);

export const NOT_FOUND = '34';
/** Of files. */
export const NO_FILE = '98';

/**
 * A code that is not "done". 03, 04, 05 (communication timed out, state not clear, accepted) and 01, 12, 34, 60 are unknown
 * by UnionPay's own rule: the query decides, and in the end the statement.
 * @param once the message can never have been sent before
 */
export function refusal(code: string, providerTxnId: string, once = false): Outcome<never> {
  if (UNDER_WAY.has(code)) return { outcome: 'pending' };
  const reason = DECLINES[code];
  if (reason !== undefined) return declined(reason, providerTxnId);
  if (NEVER_DONE.has(code) || (once && NOT_TAKEN_UP.has(code)))
    return { outcome: 'not_executed', cause: `answer code ${code}` };
  return { outcome: 'unknown', cause: `answer code ${code === '' ? 'missing' : code}` };
}

/** The same for pages and agreements, where nobody's money is refused. */
export function refusedPage(code: string): { outcome: 'not_executed' | 'unknown'; cause: string } {
  const outcome = refusal(code, '', true);
  return outcome.outcome === 'not_executed' ? outcome : { outcome: 'unknown', cause: `answer code ${code}` };
}

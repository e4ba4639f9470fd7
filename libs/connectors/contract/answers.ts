/**
 * What a provider can have said about money. The five outcomes are kept apart because each allows something else:
 * only `succeeded` credits, only `declined` and `not_executed` let another attempt start, `pending` and `unknown` are
 * asked about until the provider's own word ends them. A time-out, a broken line, a bad signature, an echo that differs
 * and a status nobody listed are all `unknown`, never a failure.
 */
export type Outcome<T> =
  | ({ outcome: 'succeeded' } & T)
  | { outcome: 'declined'; reason: DeclineReason; action: PayerAction; providerTxnId: string }
  /** Surely nothing left us or nothing was taken; `cause` is for operators. */
  | { outcome: 'not_executed'; cause: string }
  | { outcome: 'pending' }
  | { outcome: 'unknown'; cause: string };

/** Answer to a query: the provider may also not know the number (which is `not_executed` only after its settle-down time). */
export type Queried<T> = Outcome<T> | { outcome: 'not_found' };

export const DECLINE_REASONS = [
  'insufficient_funds',
  'limit',
  'account_closed',
  'agreement_ended',
  'card_expired',
  'authentication_failed',
  'payer_cancelled',
  'risk_refused',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** What the payer can do next; texts are chosen by it. */
export type PayerAction = 'lower_amount' | 'other_account' | 'sign_again' | 'try_again' | 'none';

const ACTIONS: Readonly<Record<DeclineReason, PayerAction>> = {
  insufficient_funds: 'lower_amount',
  limit: 'lower_amount',
  account_closed: 'other_account',
  agreement_ended: 'sign_again',
  card_expired: 'other_account',
  authentication_failed: 'try_again',
  payer_cancelled: 'try_again',
  risk_refused: 'other_account',
  other: 'none',
};

/** Key of the sentence for the payer, the same in pages and text messages. */
export const textKeyOf = (reason: DeclineReason): string => `decline.${reason}`;

/** A reason nobody listed is still a refusal: the provider's word `declined` is explicit, only its cause is not. */
export function declined(
  reason: string | undefined,
  providerTxnId = '',
): Extract<Outcome<never>, { outcome: 'declined' }> {
  const known = DECLINE_REASONS.find((candidate) => candidate === reason) ?? 'other';
  return { outcome: 'declined', reason: known, action: ACTIONS[known], providerTxnId };
}

/** What every word about money repeats; compared with what was asked, once, by the wrapper around all connectors. */
export interface Echo {
  /** The attempt, refund or agreement number as the provider repeats it. */
  orderNo: string;
  amount: bigint;
  currency: string;
}

export interface Taken extends Echo {
  providerTxnId: string;
  /** The provider's accounting date, YYYY-MM-DD, when it says one. */
  businessDate: string | null;
  completedAt: Date;
}
export type Returned = Taken;

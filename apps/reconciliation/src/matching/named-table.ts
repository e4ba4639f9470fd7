import type { NamedKind } from '../statements/statement-line';
import { decideRefund } from './refund-table';
import { feeVerdict, valueDifference } from './value-table';
import { decidePayment } from './payment-table';
import type { Verdict } from './verdict';

/** What a line that belongs to no payment is judged by. */
export interface NamedCase {
  kind: NamedKind;
  /** What it moves: the amount less its own fee, signed minor units. */
  net: bigint;
  currency: string;
  state: 'success' | 'notice';
  feeTolerance: bigint;
}

/**
 * MONEY.md §4 for lines that name no payment of ours. A charge is a fee beside those of the contract (V6). Money that came is
 * a long that nobody knows (row 13), money that left a refund without its payment (R9), whatever the provider calls them: both
 * wait a date for the line that explains them, then people ask the provider. Null: nothing to resolve. A payout is our bank's
 * word, a notice moves nothing.
 */
export function decideNamed({ kind, net, currency, state, feeTolerance }: NamedCase): Verdict | null {
  if (kind === 'payout' || state !== 'success' || net === 0n) return null;
  if (currency !== 'CNY') return valueDifference('currency_mismatch');
  if (kind === 'fee') return feeVerdict(net, feeTolerance);
  const verdict = net > 0n ? decidePayment('S', '–', '–') : decideRefund('never_paid', '–', 'none');
  if (!verdict) throw new Error(`no row for a line of kind ${kind}`);
  // There is no payment that could be refunded: the provider is asked whose it is.
  return { ...verdict, suggested: 'claim_provider' };
}

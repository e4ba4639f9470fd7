import type { BearerShare, FeeCollection, FeeRule, RefundPolicy } from './fee';

/** One dated line of a provider's contract. Never edited: payments point to the rule they were priced by. */
export interface FeeSchedule extends FeeRule {
  id: string;
  provider: string;
  /** A channel, or `*`. */
  channel: string;
  validFrom: string;
  /** Last date it holds, or null. */
  validTo: string | null;
  collection: FeeCollection;
  refundPolicy: RefundPolicy;
  bearers: readonly BearerShare[];
}

export class NoFeeSchedule extends Error {
  override readonly name = 'NoFeeSchedule';
}

/**
 * The contract line that prices a payment: the one for its channel before the one for all, then the latest to begin.
 * @throws NoFeeSchedule rather than guessing a fee of nothing
 */
export function scheduleFor(
  schedules: readonly FeeSchedule[],
  provider: string,
  channel: string,
  date: string,
): FeeSchedule {
  const found = schedules
    .filter((s) => s.provider === provider && (s.channel === '*' || s.channel === channel))
    .filter((s) => s.validFrom <= date && (s.validTo === null || s.validTo >= date))
    .sort((a, b) => rank(b) - rank(a) || compare(b.validFrom, a.validFrom) || compare(a.id, b.id));
  if (!found[0]) throw new NoFeeSchedule(`no fee schedule of ${provider} holds on ${date} for channel ${channel}`);
  return found[0];
}

const rank = (schedule: FeeSchedule): number => (schedule.channel === '*' ? 0 : 1);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

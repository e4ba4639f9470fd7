import { clearing, leg, payable, suspense, type Leg, type LegKind } from '../batches/leg';
import { splitFee, type BearerPart } from '../fees/fee';
import type { FeeSchedule } from '../fees/fee-schedules';
import { bearerAccount } from './pricing';
import type { SettledItem } from './settled-item';

/**
 * Legs of a signed contract fee: each bearer pays its part to `netted` (clearing, or suspense when the line waited there),
 * or to the provider's account when the contract is billed monthly. A negative fee is a fee given back.
 */
export function feeLegs(item: SettledItem, schedule: FeeSchedule, fee: bigint, netted: string, refersTo = ''): Leg[] {
  const receiver = schedule.collection === 'netted' ? netted : payable(schedule.provider);
  const standing = item.kind === 'payment' ? 0n : item.feeReturned;
  return shareOut(item, partsOf(schedule, standing, fee), receiver, 'fee', refersTo);
}

/** An accepted difference between file and contract, carried by the fee's bearers. */
export function feeDifferenceLegs(item: SettledItem, schedule: FeeSchedule, difference: bigint): Leg[] {
  const parts = partsOf(schedule, 0n, difference);
  return shareOut(item, parts, suspense(schedule.provider), 'fee_difference', item.itemId);
}

/** What the file keeps back beyond the contract (row 12); a mirror image when it keeps less. */
export function feeGapLegs(item: SettledItem, schedule: FeeSchedule): Leg[] {
  const gap = feeGap(item, schedule);
  return leg(suspense(schedule.provider), clearing(schedule.provider), gap, 'suspense_fee', item.itemId);
}

export function feeGap(item: SettledItem, schedule: FeeSchedule): bigint {
  return item.statementFee - (schedule.collection === 'netted' ? item.fee : 0n);
}

/**
 * Each bearer's part of a fee; of one given back, what it bore of all that stood less what it bears of what is left: so that
 * after a full refund each has back exactly what it bore.
 */
function partsOf(schedule: FeeSchedule, standing: bigint, fee: bigint): BearerPart[] {
  const before = splitFee(standing, schedule.bearers);
  const after = splitFee(standing + fee, schedule.bearers);
  const of = (parts: readonly BearerPart[], party: BearerPart['party']) =>
    parts.find((part) => part.party === party)?.amount ?? 0n;
  return schedule.bearers.map(({ party }) => ({ party, amount: of(after, party) - of(before, party) }));
}

function shareOut(
  item: SettledItem,
  parts: readonly BearerPart[],
  receiver: string,
  kind: LegKind,
  refersTo: string,
): Leg[] {
  return parts.flatMap((part) => leg(bearerAccount(item, part.party), receiver, part.amount, kind, refersTo));
}

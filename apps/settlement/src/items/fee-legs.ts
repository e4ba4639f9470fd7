import { HQ_FEES, clearing, due, leg, payable, suspense, type Leg, type LegKind } from '../batches/leg';
import { splitFee, type Bearer } from '../fees/fee';
import type { FeeSchedule } from '../fees/fee-schedules';
import type { SettledItem } from './settled-item';

/**
 * Legs of a signed contract fee: each bearer pays its part to `netted` (clearing, or suspense when the line waited there),
 * or to the provider's account when the contract is billed monthly. A negative fee is a fee given back.
 */
export function feeLegs(item: SettledItem, schedule: FeeSchedule, fee: bigint, netted: string, refersTo = ''): Leg[] {
  const receiver = schedule.collection === 'netted' ? netted : payable(schedule.provider);
  return shareOut(item, schedule, fee, receiver, 'fee', refersTo);
}

/** An accepted difference between file and contract, carried by the fee's bearers. */
export function feeDifferenceLegs(item: SettledItem, schedule: FeeSchedule, difference: bigint): Leg[] {
  return shareOut(item, schedule, difference, suspense(schedule.provider), 'fee_difference', item.itemId);
}

/** What the file keeps back beyond the contract (row 12); a mirror image when it keeps less. */
export function feeGapLegs(item: SettledItem, schedule: FeeSchedule): Leg[] {
  const gap = feeGap(item, schedule);
  return leg(suspense(schedule.provider), clearing(schedule.provider), gap, 'suspense_fee', item.itemId);
}

export function feeGap(item: SettledItem, schedule: FeeSchedule): bigint {
  return item.statementFee - (schedule.collection === 'netted' ? item.fee : 0n);
}

function shareOut(
  item: SettledItem,
  schedule: FeeSchedule,
  fee: bigint,
  receiver: string,
  kind: LegKind,
  refersTo: string,
): Leg[] {
  return splitFee(fee, schedule.bearers).flatMap((part) =>
    leg(bearerAccount(item, part.party), receiver, part.amount, kind, refersTo),
  );
}

function bearerAccount(item: SettledItem, party: Bearer): string {
  if (party === 'hq') return HQ_FEES;
  if (party === 'partner') return item.partner === '' ? due(item.branch) : payable(item.partner);
  return due(party === 'acquiring' && item.acquiringBranch !== '' ? item.acquiringBranch : item.branch);
}

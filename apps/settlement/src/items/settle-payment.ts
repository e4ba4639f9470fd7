import { clearing, due, leg, suspense, type Leg } from '../batches/leg';
import { commissionOf, earningFor } from '../commissions/commission';
import { feeOf } from '../fees/fee';
import { scheduleFor } from '../fees/fee-schedules';
import { feeGapLegs, feeLegs } from './fee-legs';
import type { SettledItem } from './settled-item';
import { planById, scheduleById, type Terms } from './terms';

/** Prices a payment by the contracts of its date and gives it to its branch. */
export function pricePayment(item: SettledItem, terms: Terms): SettledItem {
  const schedule = scheduleFor(terms.schedules, terms.provider, item.channel, terms.date);
  const earning = earningFor(terms.plans, item, terms.date);
  return {
    ...item,
    place: 'due',
    fee: feeOf(schedule, item.amount),
    scheduleId: schedule.id,
    commission: earning ? commissionOf(earning.plan, item.amount) : 0n,
    earner: earning?.account ?? '',
    planId: earning?.plan.id ?? '',
  };
}

/** Row 1b and 8a: principal, fee, commission. Sums of many payments, so no leg names an item. */
export function paymentLegs(item: SettledItem, terms: Terms): Leg[] {
  return [
    ...leg(clearing(terms.provider), due(item.branch), item.amount, 'principal'),
    ...feeLegs(item, scheduleById(terms, item.scheduleId), item.fee, clearing(terms.provider)),
    ...commissionLegs(item, terms),
  ];
}

/** Row 12: the file's fee is not the contract's. */
export const paymentGapLegs = (item: SettledItem, terms: Terms): Leg[] =>
  feeGapLegs(item, scheduleById(terms, item.scheduleId));

/** Rows 4a, 6a and the like: the whole line waits in suspense under its own id. */
export function suspenseLegs(item: SettledItem, provider: string): Leg[] {
  return [
    ...leg(clearing(provider), suspense(provider), item.amount, 'suspense', item.itemId),
    ...leg(suspense(provider), clearing(provider), item.statementFee, 'suspense_fee', item.itemId),
  ];
}

/** Row 4b: a priced payment leaves suspense for its branch. */
export function releaseLegs(item: SettledItem, terms: Terms): Leg[] {
  const waiting = suspense(terms.provider);
  return [
    ...leg(waiting, due(item.branch), item.amount, 'principal', item.itemId),
    ...feeLegs(item, scheduleById(terms, item.scheduleId), item.fee, waiting, item.itemId),
    ...commissionLegs(item, terms),
  ];
}

function commissionLegs(item: SettledItem, terms: Terms): Leg[] {
  if (item.commission === 0n) return [];
  planById(terms, item.planId);
  return leg(due(item.branch), item.earner, item.commission, 'commission');
}

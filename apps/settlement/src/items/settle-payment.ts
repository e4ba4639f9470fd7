import { clearing, due, leg, suspense, type Leg } from '../batches/leg';
import { withClaws } from './earned';
import { feeGapLegs, feeLegs } from './fee-legs';
import { commissionBearer, Pricing, type PricedGroup } from './pricing';
import { whole } from './quick-rate';
import type { SettledItem } from './settled-item';
import { planById, scheduleById, type Terms } from './terms';

/** Prices a payment by the contracts of its date and gives it to its branch. */
export function pricePayment(item: SettledItem, terms: Terms): SettledItem {
  const group = new Pricing(terms).groupOf(item);
  group.price(whole(Number(item.amount)), whole(Number(item.face)));
  return pricedBy(item, group);
}

/** The same, counted into the sums of its group. */
export function settlePayment(item: SettledItem, pricing: Pricing): SettledItem {
  const group = pricing.groupOf(item);
  group.settle(whole(Number(item.amount)), whole(Number(item.face)));
  return pricedBy(item, group);
}

/** The group's last figures as the line's own. What earlier refunds have clawed of the line stays with it. */
function pricedBy(item: SettledItem, { schedule, earning, fee, commission, parts, rates }: PricedGroup): SettledItem {
  const earned = (earning?.accounts ?? []).map((account, level) => ({
    account,
    ppm: rates[level] ?? 0n,
    amount: BigInt(parts[level] ?? 0),
    clawed: 0n,
  }));
  return {
    ...item,
    place: 'due',
    fee: BigInt(fee),
    feePpm: schedule.ppm,
    scheduleId: schedule.id,
    commission: BigInt(commission),
    earner: earning?.accounts[0] ?? '',
    earned: withClaws(earned, item.earned),
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
  const bearer = commissionBearer(item, { plan: planById(terms, item.planId) });
  return item.earned.flatMap(({ account, amount }) => leg(bearer, account, amount, 'commission'));
}

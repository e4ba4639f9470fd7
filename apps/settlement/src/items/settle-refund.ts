import { HQ_FEES, clearing, due, leg, suspense, type Leg } from '../batches/leg';
import { feeOfRefund } from '../fees/fee-return';
import { clawCommission, feeLeft } from './claws';
import { feeGapLegs, feeLegs } from './fee-legs';
import { commissionBearer } from './pricing';
import type { SettledItem } from './settled-item';
import { planById, scheduleById, type Terms } from './terms';

/** A refund (or late reversal) line together with the payment it undoes, both after the fact. */
export interface Undone {
  item: SettledItem;
  origin: SettledItem;
}

/** More than is left of the payment never comes off a branch: the line waits in suspense. */
export const coveredBy = (item: SettledItem, origin: SettledItem): boolean =>
  item.amount < 0n && origin.refunded - item.amount <= origin.amount;

/**
 * Row 3c: the payment was settled; branch, fee and commission go back by the rules the payment was priced by. A reversal
 * counts as if the payment had never been, so its fee comes back whatever the refund policy says.
 */
export function priceRefund(item: SettledItem, origin: SettledItem, terms: Terms): Undone {
  const refunded = origin.refunded - item.amount;
  const schedule = scheduleById(terms, origin.scheduleId);
  const fee = feeOfRefund({
    policy: item.kind === 'reversal' ? 'proportional' : schedule.refundPolicy,
    rule: (left) => feeLeft(origin, schedule, left),
    paid: origin.amount,
    refunded,
    earlier: origin.feeReturned,
    statementFee: item.statementFee,
  });
  const { claws, left, total: clawed } = clawCommission(origin, refunded, terms);
  const { branch, acquiringBranch, channel, partner, product, earner, feePpm, scheduleId, planId } = origin;
  return {
    item: {
      ...item,
      ...{ branch, acquiringBranch, channel, partner, product, earner, feePpm, scheduleId, planId },
      earned: claws,
      place: 'due',
      origin: origin.itemId,
      fee,
      feeReturned: origin.fee - origin.feeReturned,
      commission: -clawed,
    },
    origin: {
      ...origin,
      ...{ refunded, feeReturned: origin.feeReturned - fee, clawed: origin.clawed + clawed, earned: left },
    },
  };
}

/** Legs of a priced refund: from clearing, or from suspense (6b) when the line has waited there. */
export function refundLegs(item: SettledItem, terms: Terms, from: 'clearing' | 'suspense'): Leg[] {
  const source = from === 'clearing' ? clearing(terms.provider) : suspense(terms.provider);
  const refersTo = from === 'clearing' ? '' : item.itemId;
  return [
    ...leg(source, due(item.branch), item.amount, 'principal', refersTo),
    ...feeLegs(item, scheduleById(terms, item.scheduleId), item.fee, source, refersTo),
    ...clawLegs(item, terms),
  ];
}

function clawLegs(item: SettledItem, terms: Terms): Leg[] {
  if (item.commission === 0n) return [];
  const bearer = commissionBearer(item, { plan: planById(terms, item.planId) });
  return item.earned.flatMap(({ account, amount }) => leg(bearer, account, amount, 'claw_back'));
}

export const refundGapLegs = (item: SettledItem, terms: Terms): Leg[] =>
  feeGapLegs(item, scheduleById(terms, item.scheduleId));

/**
 * Row 4c: the payment never left suspense; its refund line closes it there. Once all is given back, a fee the provider
 * keeps is headquarters' cost: no branch ever had the money.
 */
export function returnFromSuspense(item: SettledItem, origin: SettledItem, provider: string): Undone & { legs: Leg[] } {
  const refunded = origin.refunded - item.amount;
  const feeReturned = origin.feeReturned - item.statementFee;
  const whole = refunded === origin.amount;
  const waiting = suspense(provider);
  const kept = whole ? origin.statementFee - feeReturned : 0n;
  return {
    item: { ...item, place: 'returned', origin: origin.itemId, fee: item.statementFee },
    origin: { ...origin, place: whole ? 'returned' : origin.place, refunded, feeReturned },
    legs: [
      ...leg(clearing(provider), waiting, item.amount, 'suspense', origin.itemId),
      ...leg(waiting, clearing(provider), item.statementFee, 'suspense_fee', origin.itemId),
      ...leg(HQ_FEES, waiting, kept, 'fee_kept', origin.itemId),
    ],
  };
}

/**
 * Row 2c: the statement shows a payment and its reversal. Both run through suspense under one id and cancel; no fee, no
 * commission. What the file charges nevertheless stays there as a difference to claim.
 */
export function cancelPair(item: SettledItem, origin: SettledItem, provider: string): Undone & { legs: Leg[] } {
  const waiting = suspense(provider);
  return {
    item: { ...item, place: 'reversed', origin: origin.itemId },
    origin: {
      ...origin,
      ...{ place: 'reversed', fee: 0n, commission: 0n, earner: '', earned: [], planId: '' },
      refunded: origin.amount,
    },
    legs: [
      ...leg(clearing(provider), waiting, origin.amount, 'suspense', origin.itemId),
      ...leg(clearing(provider), waiting, item.amount, 'suspense', origin.itemId),
      ...leg(waiting, clearing(provider), origin.statementFee + item.statementFee, 'suspense_fee', origin.itemId),
    ],
  };
}

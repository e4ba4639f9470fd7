import type { Bearer, BonusRefund, BranchPolicy, GiftBearer, Offer } from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import { dayOfMonth } from '../calendar';
import { refuseAmount, type AcceptedAmounts } from '../numbers/accepted-amounts';

/** A gift beside the face of a payment, in minor units. */
export interface Gift {
  bonus: bigint;
  bearer: GiftBearer;
}

/** A policy as it is used: amounts as numbers, moments as milliseconds. */
export interface Terms {
  version: number;
  policy: BranchPolicy;
  limits: AcceptedAmounts;
  /** The highest face first. */
  promotions: readonly (Gift & { atLeast: bigint })[];
  discounts: readonly { face: bigint; amount: bigint; bearer: Bearer }[];
  windows: readonly { from: number; until: number }[];
  bonusRefund: BonusRefund;
  billingRun: BranchPolicy['billingRun'];
}

/** What decides about a payment beside the number itself: its branch's policy, the moment, and which installation this is. */
export interface Circumstances {
  terms: Terms;
  at: Date;
  mode: 'test' | 'live';
}

export function termsOf(version: number, policy: BranchPolicy): Terms {
  const { limits, promotions, discounts, maintenance, bonusRefund, billingRun } = policy;
  return {
    version,
    policy,
    limits: { min: fromDigits(limits.min), max: fromDigits(limits.max), step: fromDigits(limits.step) },
    promotions: promotions
      .map(({ atLeast, bonus, bearer }) => ({ atLeast: fromDigits(atLeast), bonus: fromDigits(bonus), bearer }))
      .sort((a, b) => (a.atLeast > b.atLeast ? -1 : 1)),
    discounts: discounts.map(({ face, amount, bearer }) => ({
      face: fromDigits(face),
      amount: fromDigits(amount),
      bearer,
    })),
    windows: maintenance.map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) })),
    bonusRefund,
    billingRun,
  };
}

/** A planned window is open; a branch may be in maintenance without one, too. */
export function inWindow({ windows }: Terms, at: Date): boolean {
  return windows.some(({ from, until }) => from <= at.getTime() && at.getTime() < until);
}

/** Bills are being made: what a postpaid number owes is not known, and nothing is put on bills. */
export function inBillingRun({ billingRun }: Terms, at: Date): boolean {
  if (!billingRun) return false;
  const day = dayOfMonth(at);
  return billingRun.fromDay <= day && day <= billingRun.toDay;
}

/** What the branch's promotions give beside a face; null: nothing. */
export function giftFor({ promotions }: Terms, face: bigint): Gift | null {
  return promotions.find(({ atLeast }) => face >= atLeast) ?? null;
}

/** Every face that is more than a plain top-up now: its price, who bears the rest, and the gift. */
export function offersOf(terms: Terms, accepted: AcceptedAmounts): Offer[] {
  const named = [...terms.discounts.map(({ face }) => face), ...terms.promotions.map(({ atLeast }) => atLeast)];
  return [...new Set(named)]
    .filter((face) => refuseAmount(face, accepted) === null)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((face) => offerOf(terms, face));
}

function offerOf(terms: Terms, face: bigint): Offer {
  const discounts = terms.discounts.filter((one) => one.face === face);
  const charged = discounts.reduce((rest, { amount }) => rest - amount, face);
  return {
    face: toDigits(face),
    charged: toDigits(charged),
    discounts: discounts.map(({ bearer, amount }) => ({ bearer, amount: toDigits(amount) })),
    bonus: toDigits(giftFor(terms, face)?.bonus ?? 0n),
  };
}

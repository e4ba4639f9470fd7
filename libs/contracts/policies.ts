import { z } from 'zod';
import { branchCode } from './common';

/** Who bears a discount: the number's home branch, headquarters, the provider, or the partner that sold it. */
export const bearer = z.enum(['home', 'hq', 'provider', 'partner']);
export type Bearer = z.infer<typeof bearer>;
/** Who bears a gift. */
export const giftBearer = z.enum(['home', 'hq']);
export type GiftBearer = z.infer<typeof giftBearer>;

/** Minor units, more than nothing. */
export const positiveDigits = z.string().regex(/^[1-9]\d{0,14}$/);
const name = z.string().trim().min(1).max(40);
const instant = z.iso.datetime({ offset: true });

const limits = z
  .strictObject({ min: positiveDigits, max: positiveDigits, step: positiveDigits })
  .refine(({ min, max }) => BigInt(min) <= BigInt(max), 'min may not be more than max');

/** From this face on, the highest one reached counts. */
const promotion = z.strictObject({ name, atLeast: positiveDigits, bonus: positiveDigits, bearer: giftBearer });
/** For exactly this face; several bearers may share one. */
const discount = z.strictObject({ name, face: positiveDigits, amount: positiveDigits, bearer });
const maintenanceWindow = z
  .strictObject({ from: instant, until: instant, note: z.string().max(100).default('') })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), 'a window ends after it begins');
/** Days of the month in Asia/Shanghai, both included. */
const billingRun = z
  .strictObject({
    fromDay: z.number().int().min(1).max(31),
    toDay: z.number().int().min(1).max(31),
    /** What becomes of credits to postpaid numbers meanwhile: taken as balance, kept waiting, or refused. */
    credits: z.enum(['balance', 'queue', 'refuse']).default('balance'),
  })
  .refine(({ fromDay, toDay }) => fromDay <= toDay, 'the run ends after it begins');

/** What becomes of the used part of a gift when its payment is taken back: let go, taken from cash, or no refund at all. */
export const bonusRefund = z.enum(['forfeit', 'deduct_cash', 'refuse']);
export type BonusRefund = z.infer<typeof bonusRefund>;

/** All that a branch decides for itself about being paid. A version is never changed: the next one takes its place. */
export const branchPolicy = z
  .strictObject({
    limits,
    promotions: z.array(promotion).max(20).default([]),
    discounts: z.array(discount).max(50).default([]),
    maintenance: z.array(maintenanceWindow).max(50).default([]),
    /** Words of its own for texts to people, by the key of the text. */
    wording: z.record(z.string().regex(/^[a-z][a-z0-9_.]{0,39}$/), z.string().min(1).max(70)).default({}),
    bonusRefund: bonusRefund.default('forfeit'),
    billingRun: billingRun.nullable().default(null),
  })
  .superRefine((policy, context) => {
    const twice = (list: readonly string[]) => list.length !== new Set(list).size;
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (twice(policy.promotions.map(({ atLeast }) => atLeast))) wrong('promotions', 'one promotion per face');
    if (twice(policy.discounts.map((one) => `${one.face} ${one.bearer}`)))
      wrong('discounts', 'one discount per face and bearer');
    for (const { face } of policy.discounts) {
      const same = policy.discounts.filter((one) => one.face === face);
      if (same.reduce((sum, { amount }) => sum + BigInt(amount), 0n) >= BigInt(face))
        wrong('discounts', 'the payer pays something');
    }
  });
export type BranchPolicy = z.output<typeof branchPolicy>;

/** policies.propose: a version that somebody else has to approve before it counts. */
export const policiesPropose = z.object({
  branch: branchCode,
  /** In force from then, or from its approval if that comes later. */
  validFrom: instant,
  policy: branchPolicy,
  reason: z.string().max(500),
  actor: z.string().min(1).max(64),
});
export const policiesDecide = z.object({
  branch: branchCode,
  version: z.number().int().positive(),
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(500),
  actor: z.string().min(1).max(64),
});
export const policiesList = z.object({
  branch: branchCode.optional(),
  state: z.enum(['proposed', 'approved', 'rejected']).optional(),
  limit: z.number().int().min(1).max(100).default(20),
});
export const policiesInForce = z.object({ branch: branchCode, at: instant.optional() });

export interface PolicyView {
  branch: string;
  version: number;
  state: 'proposed' | 'approved' | 'rejected';
  validFrom: string;
  /** When it counts from; null: not approved. */
  inForceFrom: string | null;
  policy: BranchPolicy;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
}
export interface PolicyDecision {
  /** own_proposal: the proposer cannot decide it; state_conflict: it is decided already; not_found: no such branch or version. */
  outcome: 'ok' | 'own_proposal' | 'not_found' | 'state_conflict';
  policy?: PolicyView;
}
export interface PolicyInForce {
  branch: string;
  at: string;
  /** 0: the branch has approved none yet; what the installation began with counts. */
  version: number;
  policy: BranchPolicy;
  maintenance: boolean;
  /** The billing run is on: what postpaid numbers owe is not known. */
  billingRun: boolean;
}

/** A face that a branch sells now, as `numbers.lookup` names it. */
export interface Offer {
  face: string;
  /** What the payer pays: the face less its discounts. */
  charged: string;
  discounts: { bearer: Bearer; amount: string }[];
  bonus: string;
}

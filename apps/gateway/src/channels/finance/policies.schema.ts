import { bearer, bonusRefund, branchPolicy, giftBearer, type BranchPolicy, type PolicyView } from '@yidian/contracts';
import { amountField, branchField, timeField } from '@yidian/http';
import { fromDigits, fromJson, toDigits, toJson } from '@yidian/money';
import { z } from 'zod';

/** A branch's policy as public JSON: snake_case names, integers of fen. What it means and forbids: the contract's schema. */
const name = z.string().trim().min(1).max(40);
const day = z.int().min(1).max(31);

const limits = z.strictObject({ min: amountField, max: amountField, step: amountField });
const promotions = z
  .array(z.strictObject({ name, at_least: amountField, bonus: amountField, bearer: giftBearer }))
  .max(20);
const discounts = z.array(z.strictObject({ name, face: amountField, amount: amountField, bearer })).max(50);
const wording = z.record(z.string().regex(/^[a-z][a-z0-9_.]{0,39}$/), z.string().min(1).max(70));
const window = { from: timeField, until: timeField };
const run = { from_day: day, to_day: day };
const credits = z.enum(['balance', 'queue', 'refuse']);

const policyBody = z.strictObject({
  limits,
  promotions: promotions.default([]),
  discounts: discounts.default([]),
  maintenance: z
    .array(z.strictObject({ ...window, note: z.string().max(100).default('') }))
    .max(50)
    .default([]),
  wording: wording.default({}),
  bonus_refund: bonusRefund.default('forfeit'),
  billing_run: z
    .strictObject({ ...run, credits: credits.default('balance') })
    .nullable()
    .default(null),
});
const publicPolicy = z
  .object({
    ...{ limits, promotions, discounts, wording },
    maintenance: z.array(z.object({ ...window, note: z.string() })),
    bonus_refund: bonusRefund,
    billing_run: z.object({ ...run, credits }).nullable(),
  })
  .meta({ id: 'BranchPolicy' });
type PublicPolicy = z.output<typeof publicPolicy>;

export const policyProposal = z
  .strictObject({
    branch: branchField,
    valid_from: timeField,
    policy: policyBody,
    reason: z.string().trim().min(1).max(500),
  })
  .superRefine(({ policy }, context) => {
    const { error } = branchPolicy.safeParse(policyOf(policy));
    for (const { message, path } of error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['policy', ...path.slice(0, 1)], message });
  });
export const policyParams = z.strictObject({ policy: z.string().regex(/^pol_\d{6}_\d{1,6}$/) });
export const policyDecision = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(500).default(''),
});
export const policyQuery = z.strictObject({
  branch: branchField.optional(),
  state: z.enum(['proposed', 'approved', 'rejected']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const policyInForceQuery = z.strictObject({ branch: branchField, at: timeField.optional() });

export const policyView = z
  .object({
    object: z.literal('branch_policy'),
    id: z.string(),
    branch: z.string(),
    version: z.int(),
    state: z.enum(['proposed', 'approved', 'rejected']),
    valid_from: z.string(),
    in_force_from: z.string().nullable(),
    policy: publicPolicy,
    reason: z.string(),
    proposed_by: z.string(),
    proposed_at: z.string(),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    decision_reason: z.string().nullable(),
  })
  .meta({ id: 'BranchPolicyVersion' });
export const policyInForce = z
  .object({
    object: z.literal('branch_policy_in_force'),
    branch: z.string(),
    at: z.string(),
    /** 0: the branch has approved none yet. */
    version: z.int(),
    policy: publicPolicy,
    maintenance: z.boolean(),
    billing_run: z.boolean(),
  })
  .meta({ id: 'BranchPolicyInForce' });

const digits = (amount: number): string => toDigits(fromJson(amount));
const fen = (amount: string): number => toJson(fromDigits(amount));

export function policyOf(policy: PublicPolicy): z.input<typeof branchPolicy> {
  const { limits, promotions, discounts, maintenance, wording, bonus_refund, billing_run } = policy;
  return {
    limits: { min: digits(limits.min), max: digits(limits.max), step: digits(limits.step) },
    promotions: promotions.map(({ at_least, bonus, ...rest }) => {
      return { ...rest, atLeast: digits(at_least), bonus: digits(bonus) };
    }),
    discounts: discounts.map(({ face, amount, ...rest }) => ({ ...rest, face: digits(face), amount: digits(amount) })),
    maintenance,
    wording,
    bonusRefund: bonus_refund,
    billingRun: billing_run && {
      fromDay: billing_run.from_day,
      toDay: billing_run.to_day,
      credits: billing_run.credits,
    },
  };
}

export function publicPolicyOf(policy: BranchPolicy): PublicPolicy {
  const { limits, promotions, discounts, maintenance, wording, bonusRefund: refund, billingRun } = policy;
  return {
    limits: { min: fen(limits.min), max: fen(limits.max), step: fen(limits.step) },
    promotions: promotions.map(({ atLeast, bonus, ...rest }) => {
      return { ...rest, at_least: fen(atLeast), bonus: fen(bonus) };
    }),
    discounts: discounts.map(({ face, amount, ...rest }) => ({ ...rest, face: fen(face), amount: fen(amount) })),
    maintenance,
    wording,
    bonus_refund: refund,
    billing_run: billingRun && {
      from_day: billingRun.fromDay,
      to_day: billingRun.toDay,
      credits: billingRun.credits,
    },
  };
}

export function policyViewOf(view: PolicyView): z.output<typeof policyView> {
  const { branch, version, state, reason } = view;
  return {
    object: 'branch_policy',
    id: `pol_${branch}_${version}`,
    ...{ branch, version, state, reason },
    valid_from: view.validFrom,
    in_force_from: view.inForceFrom,
    policy: publicPolicyOf(view.policy),
    proposed_by: view.proposedBy,
    proposed_at: view.proposedAt,
    decided_by: view.decidedBy,
    decided_at: view.decidedAt,
    decision_reason: view.decisionReason,
  };
}

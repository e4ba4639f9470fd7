import { channel, plainDate, providerCode } from '@yidian/contracts';
import { fromDigits, fromJson } from '@yidian/money';
import { z } from 'zod';
import { planFaults } from '../commissions/commission';
import { scheduleFaults } from '../fees/fee-schedules';

/**
 * The carrier's own contracts as one JSON file (SETTLEMENT_PROFILE). Amounts are whole fen, rates are parts per million
 * (3800 = 0.38 %), both as integers or as strings of digits; dates are business dates. `demo: true` marks entries that a live installation refuses.
 */
const id = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/);
const whole = z.union([
  z.int().min(0).transform(fromJson),
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'must be whole and not negative')
    .transform(fromDigits),
]);
const fen = whole;
const ppm = whole.refine((rate) => rate <= 1_000_000n, 'must not be above 1000000 ppm');
const rounding = z.enum(['half_up', 'down', 'up']).default('half_up');
const dated = { validFrom: plainDate, validTo: plainDate.nullable().default(null) };

const anyOr = <T extends z.ZodType<string>>(schema: T) => z.union([schema, z.literal('*')]).default('*');
const branch = z.string().regex(/^\d{6}$/);
const party = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
/** Of the month's volume, the first from 0. */
const tiers = z
  .array(z.object({ from: fen, ppm }))
  .max(12)
  .default([]);
const tierMode = z.enum(['marginal', 'retroactive']).default('marginal');

const bearers = z
  .array(z.object({ party: z.enum(['home', 'acquiring', 'hq', 'partner']), ppm }))
  .min(1)
  .max(4);

/** What a file gets wrong is said in the words of the rule it breaks. */
const faultless =
  <T>(faultsOf: (terms: T) => readonly string[]) =>
  (terms: T, context: z.RefinementCtx): void => {
    for (const message of faultsOf(terms)) context.addIssue({ code: 'custom', message });
  };

export const feeScheduleTerms = z
  .object({
    id,
    provider: providerCode,
    channel: anyOr(channel),
    /** The provider's own word for what was used, such as its product code. */
    product: anyOr(z.string().min(1).max(16)),
    /** A home branch with a price of its own. */
    branch: anyOr(branch),
    ...dated,
    base: z.enum(['charged', 'face']).default('charged'),
    roundPer: z.enum(['payment', 'day']).default('payment'),
    tiers,
    tierMode,
    /** With tiers: the rate of the first month, until a month has gone by. */
    ppm,
    fixed: fen.default(0n),
    min: fen.default(0n),
    cap: fen.nullable().default(null),
    rounding,
    /** netted: kept back in the statement; invoiced: paid out gross, billed monthly. */
    collection: z.enum(['netted', 'invoiced']).default('netted'),
    /** Of the fee when a payment is refunded. */
    refundPolicy: z.enum(['kept', 'proportional', 'as_statement']).default('kept'),
    /** The first named takes the remainder. */
    bearers: bearers.default([{ party: 'home', ppm: 1_000_000n }]),
  })
  .strict();
export const feeScheduleEntry = feeScheduleTerms
  .extend({ demo: z.boolean().default(false) })
  .superRefine(faultless(scheduleFaults));

const level = z.object({
  earner: z.enum(['acquiring_branch', 'partner', 'party']),
  party: party.or(z.literal('')).default(''),
  /** Cumulative: what goes to this level and those below it. */
  ppm,
  tiers,
});

export const commissionPlanTerms = z
  .object({
    id,
    channel: anyOr(channel),
    partner: z.string().min(1).max(32).default('*'),
    acquiringBranch: anyOr(branch),
    /** The branch that brought the payment, when it is not the home branch; or the partner of the payment. */
    earner: z.enum(['acquiring_branch', 'partner']).default('partner'),
    ppm: ppm.default(0n),
    /** A cascade, bottom level first, instead of `earner` and `ppm`. */
    levels: z.array(level).max(4).default([]),
    /** Level that takes what floors leave over, from 0. */
    rest: z.int().min(0).max(3).default(0),
    base: z.enum(['face', 'charged', 'net']).default('face'),
    bearer: z.enum(['home', 'hq']).default('home'),
    tierMode,
    taxPpm: whole.default(0n),
    clawCapPpm: whole.nullable().default(null),
    rounding,
    ...dated,
  })
  .strict();
export const commissionPlanEntry = commissionPlanTerms
  .extend({ demo: z.boolean().default(false) })
  .superRefine(faultless(planFaults));

export const settlementProfile = z.object({
  feeSchedules: z.array(feeScheduleEntry).default([]),
  commissionPlans: z.array(commissionPlanEntry).default([]),
});
export type SettlementProfile = z.output<typeof settlementProfile>;
export type FeeScheduleEntry = z.output<typeof feeScheduleEntry>;
export type CommissionPlanEntry = z.output<typeof commissionPlanEntry>;

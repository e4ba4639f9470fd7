import { channel, plainDate, providerCode } from '@yidian/contracts';
import { fromDigits, fromJson } from '@yidian/money';
import { z } from 'zod';

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

const bearers = z
  .array(z.object({ party: z.enum(['home', 'acquiring', 'hq', 'partner']), ppm }))
  .min(1)
  .max(4)
  .refine((list) => list.reduce((sum, bearer) => sum + bearer.ppm, 0n) === 1_000_000n, 'shares must sum to 1000000 ppm')
  .refine((list) => new Set(list.map((bearer) => bearer.party)).size === list.length, 'each party once');

export const feeScheduleEntry = z
  .object({
    id,
    provider: providerCode,
    channel: z.union([channel, z.literal('*')]).default('*'),
    ...dated,
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
    demo: z.boolean().default(false),
  })
  .refine((entry) => entry.cap === null || entry.min <= entry.cap, 'min must not be above cap')
  .refine(
    (entry) => entry.validTo === null || entry.validFrom <= entry.validTo,
    'validTo must not be before validFrom',
  );

export const commissionPlanEntry = z.object({
  id,
  channel: z.union([channel, z.literal('*')]).default('*'),
  partner: z.string().min(1).max(32).default('*'),
  acquiringBranch: z.union([z.string().regex(/^\d{6}$/), z.literal('*')]).default('*'),
  /** The branch that brought the payment, when it is not the home branch; or the partner of the payment. */
  earner: z.enum(['acquiring_branch', 'partner']),
  /** Of the face value. */
  ppm,
  rounding,
  ...dated,
  demo: z.boolean().default(false),
});

export const settlementProfile = z.object({
  feeSchedules: z.array(feeScheduleEntry).default([]),
  commissionPlans: z.array(commissionPlanEntry).default([]),
});
export type SettlementProfile = z.output<typeof settlementProfile>;
export type FeeScheduleEntry = z.output<typeof feeScheduleEntry>;
export type CommissionPlanEntry = z.output<typeof commissionPlanEntry>;

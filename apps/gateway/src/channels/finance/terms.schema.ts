import { channel, month, providerCode } from '@yidian/contracts';
import { amountAnswer, branchField } from '@yidian/http';
import { fromDigits, toJson } from '@yidian/money';
import { z } from 'zod';

/**
 * Public shapes of contracts: fee schedules and commission plans. Amounts are integers of fen, rates integers of parts per
 * million (3800 = 0.38 %).
 */

const id = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/);
const fen = z.int({ error: 'amount_not_integer' }).min(0).max(Number.MAX_SAFE_INTEGER);
const ppm = z.int().min(0).max(1_000_000);
const anyOr = <S extends z.ZodType<string>>(schema: S) => z.union([schema, z.literal('*')]).default('*');
const dated = { valid_from: z.iso.date(), valid_to: z.iso.date().nullable().default(null) };
const tiers = z
  .array(z.strictObject({ from: fen, ppm }))
  .max(12)
  .default([]);
const tierMode = z.enum(['marginal', 'retroactive']).default('marginal');
const rounding = z.enum(['half_up', 'down', 'up']).default('half_up');

const schedule = z.strictObject({
  ...{ id, provider: providerCode, channel: anyOr(channel), product: z.string().min(1).max(16).default('*') },
  branch: anyOr(branchField),
  ...dated,
  base: z.enum(['charged', 'face']).default('charged'),
  round_per: z.enum(['payment', 'day']).default('payment'),
  /** Of the month's volume, the first from 0; with them `ppm` is the rate until a month has gone by. */
  ...{ tiers, tier_mode: tierMode, ppm },
  ...{ fixed: fen.default(0), min: fen.default(0), cap: fen.nullable().default(null), rounding },
  collection: z.enum(['netted', 'invoiced']).default('netted'),
  refund_policy: z.enum(['kept', 'proportional', 'as_statement']).default('kept'),
  /** The first named takes the remainder. */
  bearers: z
    .array(z.strictObject({ party: z.enum(['home', 'acquiring', 'hq', 'partner']), ppm }))
    .min(1)
    .max(4)
    .default([{ party: 'home', ppm: 1_000_000 }]),
});
const plan = z.strictObject({
  ...{ id, channel: anyOr(channel), partner: z.string().min(1).max(32).default('*') },
  acquiring_branch: anyOr(branchField),
  earner: z.enum(['acquiring_branch', 'partner']).default('partner'),
  ppm: ppm.default(0),
  /** A cascade, bottom level first, instead of `earner` and `ppm`; rates are cumulative. */
  levels: z
    .array(
      z.strictObject({
        earner: z.enum(['acquiring_branch', 'partner', 'party']),
        party: z
          .string()
          .regex(/^([a-z0-9][a-z0-9_-]{0,31})?$/)
          .default(''),
        ...{ ppm, tiers },
      }),
    )
    .max(4)
    .default([]),
  rest: z.int().min(0).max(3).default(0),
  base: z.enum(['face', 'charged', 'net']).default('face'),
  bearer: z.enum(['home', 'hq']).default('home'),
  ...{ tier_mode: tierMode, tax_ppm: z.int().min(0).default(0), claw_cap_ppm: z.int().min(0).nullable().default(null) },
  rounding,
  ...dated,
});

const reason = z.string().trim().min(1).max(200);
export const termsDecisionBody = z.strictObject({ decision: z.enum(['approve', 'reject']) });
export const schedulesQuery = z.strictObject({ provider: providerCode.optional() });
export const scheduleParams = z.strictObject({ schedule: id });
export const planParams = z.strictObject({ plan: id });
export const scheduleBody = z.strictObject({ schedule, reason });
export const planBody = z.strictObject({ plan, reason });
export const simulationBody = z
  .strictObject({ from: month, to: month })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'not before from' });

const decided = {
  state: z.enum(['draft', 'active', 'rejected']),
  ...{ proposed_by: z.string(), decided_by: z.string(), reason: z.string() },
};
export const scheduleView = z
  .object({
    object: z.literal('fee_schedule').default('fee_schedule'),
    ...{ id: z.string(), provider: z.string(), schedule: schedule.strip(), ...decided },
    /** What the simulation that was shown covered; empty: none was. */
    simulated: z.string(),
  })
  .meta({ id: 'FeeSchedule' });
export const planView = z
  .object({
    object: z.literal('commission_plan').default('commission_plan'),
    id: z.string(),
    plan: plan.strip(),
    ...decided,
  })
  .meta({ id: 'CommissionPlan' });

const priced = {
  ...{ payments: z.int(), charged: amountAnswer, would_be: amountAnswer },
  /** would_be less charged. */
  difference: amountAnswer,
};
export const simulationView = z
  .object({
    object: z.literal('fee_simulation').default('fee_simulation'),
    ...{ id: z.string(), from: z.string(), to: z.string(), ...priced },
    branches: z.array(z.object({ branch: z.string(), ...priced })),
    /** Of terms and figures: what the second person approves. */
    digest: z.string(),
  })
  .meta({ id: 'FeeSimulation' });

/** Members of contracts and simulations that are digits between services and integers in public JSON. */
const WHOLE = new Set(['ppm', 'fixed', 'min', 'cap', 'taxPpm', 'clawCapPpm', 'charged', 'wouldBe', 'difference']);
const DIGITS = /^-?\d+$/;
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `from` is a sum in a tier and a month in a simulation. */
const isWhole = (name: string, value: string): boolean => WHOLE.has(name) || (name === 'from' && DIGITS.test(value));

/** A contract as the service prints it, in public words. */
export function publicTerms(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return isWhole(name, value) ? toJson(fromDigits(value)) : value;
  if (Array.isArray(value)) return value.map((one) => publicTerms(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [snake(key), publicTerms(member, key)]));
}

/** A contract from public words into those of the carrier's profile; integers stay what they are. */
export function termsOf(value: object): Record<string, unknown> {
  const inner = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(inner);
    return typeof member === 'object' && member !== null ? termsOf(member) : member;
  };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [camel(key), inner(member)]));
}

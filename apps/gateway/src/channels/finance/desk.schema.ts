import {
  AGE_BUCKETS,
  breakClass,
  plainDate,
  providerCode,
  type RuleLimitsView,
  type RuleVersion,
} from '@yidian/contracts';
import { amountAnswer } from '@yidian/http';
import { fromDigits, toJson } from '@yidian/money';
import { z } from 'zod';

/** Public shapes of the reconciliation desk: figures, how far nights are, who owns a break, what rules may do. */

export const spanQuery = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  provider: providerCode.optional(),
});

export const reportView = z
  .object({
    object: z.literal('reconciliation_report').default('reconciliation_report'),
    from: plainDate,
    to: plainDate,
    days: z.array(
      z.object({
        ...{ provider: z.string(), date: plainDate, state: z.string(), lines: z.int(), found: z.int() },
        ...{ by_rule: z.int(), by_people: z.int(), open: z.int(), suspense: z.int() },
        ...{ at_stake: amountAnswer, residual: amountAnswer },
      }),
    ),
    ageing: z.array(
      z.object({
        ...{ provider: z.string(), class: breakClass, bucket: z.enum(AGE_BUCKETS), count: z.int() },
        ...{ amount: amountAnswer, unowned: z.int(), overdue: z.int() },
      }),
    ),
    quality: z.array(
      z.object({
        ...{ of: z.enum(['all', 'provider', 'branch', 'channel']), key: z.string() },
        /** Null: not counted in this cut. */
        payments: z.int().nullable(),
        /** Null under 3,000 payments; sigma with the 1.5 shift. */
        ...{ defects: z.int(), dpmo: z.string().nullable(), sigma: z.string().nullable() },
        main_class: breakClass.nullable(),
      }),
    ),
    pareto: z.array(z.object({ class: breakClass, count: z.int(), amount: amountAnswer, cumulative_ppm: z.int() })),
  })
  .meta({ id: 'ReconciliationReport' });

export const progressView = z
  .object({
    object: z.literal('night_progress').default('night_progress'),
    percent: z.number(),
    days: z.array(
      z.object({
        ...{ provider: z.string(), date: plainDate, state: z.string(), step: z.string().nullable() },
        ...{ step_state: z.string().nullable(), error: z.string().nullable(), done: z.int(), total: z.int() },
        ...{ lines_per_second: z.int(), percent: z.number() },
      }),
    ),
  })
  .meta({ id: 'NightProgress' });

export const assignmentsBody = z.strictObject({
  items: z
    .array(
      z.strictObject({
        break: z.string().min(1).max(64),
        version: z.int(),
        /** Empty: given back. */
        owner: z.string().max(64),
        due_on: z.iso.date().optional(),
      }),
    )
    .min(1)
    .max(256),
});

const fen = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const limits = z.strictObject({
  ...{ enabled: z.boolean(), item: fen, total: fen, count: z.int().min(0).max(1_000_000) },
  ...{ share_ppm: z.int().min(0).max(1_000_000), share_floor: z.int().min(0).max(10_000) },
});
export const ruleBody = z.strictObject({
  class: breakClass,
  valid_from: z.iso.date(),
  limits,
  reason: z.string().trim().min(1).max(300),
});
export const ruleParams = z.strictObject({ rule: z.string().min(1).max(40) });
export const ruleDecisionBody = z.strictObject({ decision: z.enum(['approve', 'reject']) });
export const ruleView = z
  .object({
    ...{ object: z.literal('rule'), id: z.string(), class: breakClass, valid_from: plainDate, limits },
    ...{ reason: z.string(), state: z.enum(['proposed', 'approved', 'rejected']), proposed_by: z.string() },
    ...{ proposed_at: z.string(), decided_by: z.string().nullable(), decided_at: z.string().nullable() },
  })
  .meta({ id: 'ReconciliationRule' });
export const rulesView = z
  .object({
    object: z.literal('rules'),
    in_force: z.array(z.object({ class: breakClass, version: z.string().nullable(), limits })),
    versions: z.array(ruleView),
  })
  .meta({ id: 'ReconciliationRules' });

type PublicLimits = z.output<typeof limits>;

export const limitsOf = ({ item, total, share_ppm, share_floor, ...rest }: PublicLimits): RuleLimitsView => ({
  ...rest,
  ...{ item: String(item), total: String(total), sharePpm: share_ppm, shareFloor: share_floor },
});

export const publicLimits = ({ item, total, sharePpm, shareFloor, ...rest }: RuleLimitsView): PublicLimits => ({
  ...rest,
  ...{ item: toJson(fromDigits(item)), total: toJson(fromDigits(total)), share_ppm: sharePpm, share_floor: shareFloor },
});

export const ruleViewOf = (rule: RuleVersion): z.output<typeof ruleView> => ({
  object: 'rule',
  ...{ id: rule.id, class: rule.class, valid_from: rule.validFrom, limits: publicLimits(rule.limits) },
  ...{ reason: rule.reason, state: rule.state, proposed_by: rule.proposedBy, proposed_at: rule.proposedAt },
  ...{ decided_by: rule.decidedBy, decided_at: rule.decidedAt },
});

import { z } from 'zod';
import { plainDate, providerCode } from './common';
import type { CreditRunsRpc } from './comparisons';
import { breakClass, type BreakClass, type BreakDecision, type StepName, type StepState } from './reconciliation';

/**
 * The desk of whoever looks after reconciliation: reports over a range of dates, how far a night is, backfills, who owns a
 * break, and what rules may do alone. Sums are minor units as digits.
 */
const actor = z.string().min(1).max(64);

/** report.get: figures of a range of business dates, both ends included; all providers, or one. */
export const reportGet = z.object({ from: plainDate, to: plainDate, provider: providerCode.optional() });

/** Days an open break is old, its date counted from the one the report ends with. */
export const AGE_BUCKETS = ['0-1', '2-3', '4-7', '8-30', '30+'] as const;
export type AgeBucket = (typeof AGE_BUCKETS)[number];

export interface AgeingRow {
  provider: string;
  class: BreakClass;
  bucket: AgeBucket;
  count: number;
  /** Absolute amounts, so that long and short do not hide each other. */
  amount: string;
  unowned: number;
  overdue: number;
}
/**
 * Defect: a break that timing does not explain. Opportunity: a payment of the statement or of our book. Under 3,000
 * payments only counts are told.
 */
export interface QualityRow {
  of: 'all' | 'provider' | 'branch' | 'channel';
  key: string;
  /** Null: not counted in this cut. */
  payments: number | null;
  defects: number;
  /** Defects per million opportunities, one decimal; null: too few payments. */
  dpmo: string | null;
  /** With the 1.5 shift, two decimals; null: too few payments. */
  sigma: string | null;
  mainClass: BreakClass | null;
}
export interface ParetoRow {
  class: BreakClass;
  count: number;
  amount: string;
  /** Share of the defects up to and with this class, in parts per million. */
  cumulativePpm: number;
}
export interface ProviderDaySummary {
  provider: string;
  date: string;
  state: string;
  lines: number;
  found: number;
  byRule: number;
  byPeople: number;
  open: number;
  suspense: number;
  /** Open and in suspense, absolute. */
  atStake: string;
  residual: string;
  digest: string;
}
export interface ReportReply {
  from: string;
  to: string;
  days: ProviderDaySummary[];
  ageing: AgeingRow[];
  quality: QualityRow[];
  pareto: ParetoRow[];
}

/** night.progress: how far each provider-day of a range is. */
export const nightProgress = z.object({ from: plainDate, to: plainDate, provider: providerCode.optional() });
export interface DayProgress {
  provider: string;
  date: string;
  state: string;
  /** Null: every step has ended. */
  step: StepName | null;
  stepState: StepState | null;
  error: string | null;
  /** Lines of the running step. */
  done: number;
  total: number;
  linesPerSecond: number;
  percent: number;
}
export interface ProgressReply {
  percent: number;
  days: DayProgress[];
}

/** night.backfill: the nights of a range, one date after the other; the same range under way is the same backfill. */
export const nightBackfill = z.object({ from: plainDate, to: plainDate, provider: providerCode.optional(), actor });
/** night.backfills: what became of one. */
export const nightBackfills = z.object({ id: z.string().min(1).max(40) });
export interface BackfillView {
  id: string;
  provider: string;
  from: string;
  to: string;
  /** The date that is being done, or waits to be. */
  at: string;
  state: 'running' | 'done' | 'stopped';
  detail: string;
  actor: string;
}

/** breaks.assign: who looks after it, and until when; an empty owner gives it back. Row by row, by version. */
export const breaksAssign = z.object({
  items: z
    .array(
      z.object({
        id: z.string().min(1).max(64),
        version: z.number().int(),
        owner: z.string().max(64),
        dueOn: plainDate.optional(),
      }),
    )
    .min(1)
    .max(256),
  actor,
});
/** breaks.history: what happened to it, oldest first. */
export const breaksHistory = z.object({ id: z.string().min(1).max(64), branch: z.string().optional() });
export interface BreakEvent {
  what: string;
  actor: string;
  detail: string;
  at: string;
}

const limit = z.string().regex(/^(0|[1-9]\d{0,14})$/);
/** What one rule may do alone, per provider and night. Over `item` an item waits for people; past the others the rule stops. */
export const ruleLimits = z.object({
  enabled: z.boolean(),
  item: limit,
  total: limit,
  count: z.number().int().min(0).max(1_000_000),
  sharePpm: z.number().int().min(0).max(1_000_000),
  /** The share counts only past so many items: of a short file it says nothing. */
  shareFloor: z.number().int().min(0).max(10_000),
});
export type RuleLimitsView = z.infer<typeof ruleLimits>;
/** rules.propose, rules.decide: limits of a class's rule from a date on; two people. */
export const rulesPropose = z.object({
  class: breakClass,
  validFrom: plainDate,
  limits: ruleLimits,
  reason: z.string().trim().min(1).max(300),
  actor,
});
export const rulesDecide = z.object({ id: z.string().min(1).max(40), decision: z.enum(['approve', 'reject']), actor });
export const rulesList = z.object({ date: plainDate });
export interface RuleVersion {
  id: string;
  class: BreakClass;
  validFrom: string;
  limits: RuleLimitsView;
  reason: string;
  state: 'proposed' | 'approved' | 'rejected';
  proposedBy: string;
  proposedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
}
export interface RuleDecision {
  outcome: 'ok' | 'own_proposal' | 'not_found' | 'state_conflict';
  rule: RuleVersion | null;
}
export interface RulesReply {
  /** In force on the date, by class; `version` null: as the product comes. */
  inForce: { class: BreakClass; version: string | null; limits: RuleLimitsView }[];
  versions: RuleVersion[];
}

/** alarms.list: what people must hear of, of a range of dates, newest first. */
export const alarmsList = z.object({ from: plainDate, to: plainDate, limit: z.number().int().min(1).max(500) });
export interface AlarmView {
  kind: string;
  provider: string;
  date: string | null;
  detail: string;
  at: string;
}

export interface ReconDeskRpc extends CreditRunsRpc {
  'report.get': [z.input<typeof reportGet>, ReportReply];
  'night.progress': [z.input<typeof nightProgress>, ProgressReply];
  'night.backfill': [z.input<typeof nightBackfill>, BackfillView];
  'night.backfills': [z.input<typeof nightBackfills>, { backfill: BackfillView | null }];
  'breaks.assign': [z.input<typeof breaksAssign>, { items: BreakDecision[] }];
  'breaks.history': [z.input<typeof breaksHistory>, { events: BreakEvent[] }];
  'rules.list': [z.input<typeof rulesList>, RulesReply];
  'rules.propose': [z.input<typeof rulesPropose>, RuleDecision];
  'rules.decide': [z.input<typeof rulesDecide>, RuleDecision];
  'alarms.list': [z.input<typeof alarmsList>, { alarms: AlarmView[] }];
}

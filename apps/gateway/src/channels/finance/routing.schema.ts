import { providerCode } from '@yidian/contracts';
import { amountAnswer, branchField, timeAnswer, timeField } from '@yidian/http';
import { fromJson, toJson } from '@yidian/money';
import { z } from 'zod';
import { cashierMethod } from '../../payments';
import type { NewRule } from '../../routing/decide-rules';
import type { RoutingRule } from '../../routing/route';
import type { VersionRow } from '../../routing/routing.store';
import type { WindowRow } from '../../routing/windows.store';

const ppm = z.int().min(0).max(1_000_000);
const fen = z.int().min(0);
const rule = z
  .strictObject({
    /** `agreement` for debits, else what payers call the way to pay. */
    method: cashierMethod,
    /** Home branch of the number; left out: every branch. */
    branch: branchField.nullable().default(null),
    /** Fen, both included; null: no bound. */
    amount_from: fen.nullable().default(null),
    amount_to: fen.nullable().default(null),
    choose_by: z.enum(['listed', 'cost', 'success']),
    /** Who succeeded less often of late comes last; parts per million. */
    least_success_ppm: ppm.default(0),
    /** Null fees are the provider's usual ones. */
    providers: z
      .array(
        z.strictObject({
          provider: providerCode,
          fee_ppm: ppm.nullable().default(null),
          fee_fixed: fen.nullable().default(null),
        }),
      )
      .min(1)
      .max(20)
      .refine((list) => new Set(list.map(({ provider }) => provider)).size === list.length, { error: 'field_invalid' }),
  })
  .refine(({ amount_from, amount_to }) => amount_from === null || amount_to === null || amount_from <= amount_to, {
    error: 'field_invalid',
    path: ['amount_to'],
  });

export const rulesProposal = z.strictObject({
  /** All of them, in the order in which they are looked at: the first that fits decides. */
  rules: z.array(rule).max(200),
  valid_from: timeField,
  reason: z.string().trim().min(1).max(500),
});
export const rulesDecision = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().trim().max(500).default(''),
});
export const rulesParams = z.strictObject({ version: z.coerce.number().int().positive() });
export const rulesQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(10) });

export const rulesView = z
  .object({
    object: z.literal('routing_rules'),
    version: z.int(),
    state: z.enum(['proposed', 'approved', 'rejected']),
    valid_from: timeAnswer,
    /** When it counts from; null: not approved. */
    in_force_from: timeAnswer.nullable(),
    reason: z.string(),
    proposed_by: z.string(),
    proposed_at: timeAnswer,
    decided_by: z.string().nullable(),
    decided_at: timeAnswer.nullable(),
    decision_reason: z.string().nullable(),
    rules: z.array(
      z.object({
        method: z.string(),
        branch: z.string().nullable(),
        amount_from: amountAnswer.nullable(),
        amount_to: amountAnswer.nullable(),
        choose_by: z.enum(['listed', 'cost', 'success']),
        least_success_ppm: z.int(),
        providers: z.array(
          z.object({ provider: z.string(), fee_ppm: z.int().nullable(), fee_fixed: amountAnswer.nullable() }),
        ),
      }),
    ),
  })
  .meta({ id: 'RoutingRules' });

export const windowBody = z.strictObject({
  provider: providerCode,
  from: timeField,
  until: timeField,
  note: z.string().trim().max(100).default(''),
});
export const windowParams = z.strictObject({ window: z.string().regex(/^mnt_\w{1,36}$/) });
export const windowView = z
  .object({
    id: z.string(),
    object: z.literal('maintenance_window'),
    provider: z.string(),
    from: timeAnswer,
    until: timeAnswer,
    note: z.string(),
    planned_by: z.string(),
    ended_by: z.string().nullable(),
    ended_at: timeAnswer.nullable(),
  })
  .meta({ id: 'MaintenanceWindow' });

const money = (amount: bigint | null): number | null => (amount === null ? null : toJson(amount));
const fenOf = (amount: number | null): bigint | null => (amount === null ? null : fromJson(amount));

export const ruleOf = (wanted: z.output<typeof rule>): NewRule => ({
  ...{ method: wanted.method, branch: wanted.branch ?? '', chooseBy: wanted.choose_by },
  ...{ amountFrom: fenOf(wanted.amount_from), amountTo: fenOf(wanted.amount_to) },
  leastSuccessPpm: wanted.least_success_ppm,
  providers: wanted.providers.map(({ provider, fee_ppm: feePpm, fee_fixed }) => ({
    ...{ provider, feePpm },
    feeFixed: fenOf(fee_fixed),
  })),
});

export const rulesViewOf = (row: VersionRow, rules: readonly RoutingRule[]): z.output<typeof rulesView> => ({
  object: 'routing_rules',
  ...{ version: row.version, state: row.state, reason: row.reason, proposed_by: row.proposed_by },
  valid_from: row.valid_from.toISOString(),
  in_force_from: row.in_force_from?.toISOString() ?? null,
  proposed_at: row.proposed_at.toISOString(),
  decided_by: row.decided_by,
  decided_at: row.decided_at?.toISOString() ?? null,
  decision_reason: row.decision_reason,
  rules: rules
    .filter(({ version }) => version === row.version)
    .map((one) => ({
      ...{ method: one.method, branch: one.branch || null, choose_by: one.chooseBy },
      ...{ amount_from: money(one.amountFrom), amount_to: money(one.amountTo) },
      least_success_ppm: one.leastSuccessPpm,
      providers: one.providers.map(({ provider, feePpm: fee_ppm, feeFixed }) => ({
        ...{ provider, fee_ppm },
        fee_fixed: money(feeFixed),
      })),
    })),
});

export const windowViewOf = (row: WindowRow): z.output<typeof windowView> => ({
  object: 'maintenance_window',
  ...{ id: row.id, provider: row.provider, note: row.note, planned_by: row.planned_by, ended_by: row.ended_by },
  from: row.from_at.toISOString(),
  until: row.until_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});

import { branchCode, breakClass, plainDate, providerCode, resolutionAction } from '@yidian/contracts';
import { amountAnswer, listQuery } from '@yidian/http';
import { z } from 'zod';

/** Public shapes of the finance door: the services' views with snake_case names and integer fen. */

export const dateBody = z.strictObject({ date: z.iso.date() });
export const dateQuery = z.strictObject({ date: z.iso.date() });
export const dateParams = z.strictObject({ date: z.iso.date() });
export const runParams = z.strictObject({ provider: providerCode, date: z.iso.date() });
export const partyParams = z.strictObject({ party: z.string().min(1).max(64), date: z.iso.date() });
export const fileParams = z.strictObject({ date: z.iso.date(), name: z.string().regex(/^[\w.-]{1,100}$/) });

export const today = z
  .object({
    object: z.literal('finance_today'),
    /** The latest business date that any provider has. */
    business_date: z.string(),
    approvals: z.int(),
    breaks: z.object({ open: z.int() }),
    in_doubt: z.int(),
    days_open: z.int(),
    money_at_risk: amountAnswer,
  })
  .meta({ id: 'FinanceToday' });
export type Today = z.output<typeof today>;

const step = z.object({
  name: z.string(),
  state: z.string(),
  tries: z.int(),
  error: z.string().nullable(),
  started_at: z.string().nullable(),
  done_at: z.string().nullable(),
});
export const day = z
  .object({
    object: z.literal('day').default('day'),
    date: plainDate,
    providers: z.array(
      z.object({
        provider: z.string(),
        state: z.string(),
        steps: z.array(step),
        open_breaks: z.int(),
        residual: amountAnswer,
      }),
    ),
    signed_off: z.boolean(),
  })
  .meta({ id: 'Day' });

export const nightBody = z.strictObject({ date: z.iso.date(), provider: providerCode.optional() });

const bridge = z.object({
  kind: z.string(),
  statement_total: amountAnswer,
  book_total: amountAnswer,
  lines: z.array(z.object({ name: z.string(), amount: amountAnswer, count: z.int() })),
  residual: amountAnswer,
});
export const run = z
  .object({
    object: z.literal('run').default('run'),
    provider: z.string(),
    date: plainDate,
    run_id: z.string(),
    inputs: z.object({ statement_sha256: z.string(), gateway_vector: z.string(), billing_vector: z.string() }),
    digest: z.string(),
    counts: z.array(z.object({ class: breakClass, count: z.int(), amount: amountAnswer })),
    bridges: z.array(bridge),
    statement: z.object({ file_name: z.string(), sha256: z.string(), lines: z.int(), unreadable: z.int() }),
  })
  .meta({ id: 'Run' });

export const breakQuery = listQuery.extend({
  date: z.iso.date().optional(),
  provider: providerCode.optional(),
  state: z.enum(['open', 'proposed', 'resolved', 'suspense', 'any']).default('open'),
  class: breakClass.optional(),
  /** Only whose it is. */
  owner: z.string().max(64).optional(),
});
export const breakView = z
  .object({
    object: z.literal('break').default('break'),
    id: z.string(),
    class: breakClass,
    provider: z.string(),
    date: plainDate,
    state: z.string(),
    payment_no: z.string(),
    ref_no: z.string(),
    provider_txn_id: z.string(),
    branch: z.string(),
    channel: z.string(),
    /** Long positive, short negative. */
    at_stake: amountAnswer,
    p_amount: amountAnswer.nullable(),
    g_amount: amountAnswer.nullable(),
    b_amount: amountAnswer.nullable(),
    p_state: z.string().nullable(),
    g_state: z.string().nullable(),
    b_state: z.string().nullable(),
    statement_line: z.int().nullable(),
    raw: z.string().nullable(),
    suggested: resolutionAction,
    /** What may be proposed of it now; empty unless it is open. */
    allowed: z.array(resolutionAction),
    auto: z.boolean(),
    proposal: z
      .object({
        action: resolutionAction,
        reason: z.string(),
        evidence: z.string(),
        to: z.object({ subscriber_id: z.string(), branch: z.string() }).nullable(),
        proposed_by: z.string(),
        proposed_at: z.string(),
        approved_by: z.string().nullable(),
      })
      .nullable(),
    resolution: z.object({ action: resolutionAction, by: z.string(), at: z.string(), detail: z.string() }).nullable(),
    version: z.int(),
    created_at: z.string(),
    /** Who looks after it; empty: nobody yet. */
    owner: z.string(),
    due_on: plainDate.nullable(),
  })
  .meta({ id: 'Break' });

const breakId = z.string().min(1).max(64);
export const proposalsBody = z.strictObject({
  items: z
    .array(
      z.strictObject({
        break: breakId,
        version: z.int(),
        action: resolutionAction,
        reason: z.string().trim().min(1).max(500),
        /** What it stands on: a letter's number, a file's hash, a ticket. */
        evidence: z.string().max(500).optional(),
        /** Of move_credit: whose the credit should have been. */
        to: z.strictObject({ subscriber_id: z.string().min(1).max(32), branch: branchCode }).optional(),
      }),
    )
    .min(1)
    .max(256),
});
export const decisionsBody = z.strictObject({
  items: z
    .array(
      z.strictObject({
        break: breakId,
        version: z.int(),
        decision: z.enum(['approve', 'reject']),
        reason: z.string().max(500).default(''),
      }),
    )
    .min(1)
    .max(256),
});
export const bulk = z
  .object({
    object: z.literal('bulk'),
    data: z.array(
      z.object({
        index: z.int(),
        break: z.string(),
        /** changed: another version; own_proposal: the proposer cannot approve. */
        outcome: z.enum(['ok', 'changed', 'own_proposal', 'not_found', 'state_conflict']),
        by: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'BreakBulk' });

const check = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export const signOff = z
  .object({
    object: z.literal('day_sign_off').default('day_sign_off'),
    outcome: z.enum(['signed', 'not_ready', 'already']),
    checks: z.array(check),
  })
  .meta({ id: 'DaySignOff' });
export const reportFile = z.object({ name: z.string(), content_type: z.string() }).meta({ id: 'ReportFile' });

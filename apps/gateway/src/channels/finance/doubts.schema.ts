import { amountAnswer, timeAnswer } from '@yidian/http';
import { toJson } from '@yidian/money';
import { z } from 'zod';
import { DOUBT_ACTIONS } from '../../doubts/decide-doubt';
import type { DecisionRow, DoubtRow } from '../../doubts/doubts.store';
import { paymentId } from '../../payments/numbers';

export const doubtDecisionView = z
  .object({
    id: z.string(),
    object: z.literal('doubt_decision'),
    action: z.string(),
    evidence: z.string(),
    /** proposed: waits for a second person · working: begun, ask again · refused: the state of things does not allow it. */
    state: z.enum(['proposed', 'rejected', 'done', 'working', 'refused']),
    proposed_by: z.string(),
    proposed_at: timeAnswer,
    decided_by: z.string().nullable(),
    decided_at: timeAnswer.nullable(),
    outcome: z.string(),
  })
  .meta({ id: 'DoubtDecision' });

export const doubtView = z
  .object({
    id: z.string(),
    object: z.literal('doubt'),
    kind: z.enum(['payment', 'refund', 'return', 'callback', 'attempt']),
    /** Number of what is in doubt; of a callback provider and event. */
    subject: z.string(),
    payment: z.string().nullable(),
    provider: z.string(),
    amount: amountAnswer.nullable(),
    why: z.string(),
    state: z.enum(['open', 'closed']),
    /** Who looks after it; null: nobody yet. */
    owner: z.string().nullable(),
    opened_at: timeAnswer,
    /** Seconds since it was opened. */
    age: z.int(),
    /** How often it was asked about by hand. */
    tries: z.int(),
    last_tried_at: timeAnswer.nullable(),
    closed_at: timeAnswer.nullable(),
    outcome: z.string().nullable(),
    decisions: z.array(doubtDecisionView),
  })
  .meta({ id: 'Doubt' });

export const doubtsQuery = z.strictObject({
  state: z.enum(['open', 'closed']).default('open'),
  /** `me`: one's own. */
  owner: z.literal('me').optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const doubtParams = z.strictObject({ doubt: z.string().regex(/^dbt_\w{1,36}$/) });
export const decisionParams = z.strictObject({ decision: z.string().regex(/^dec_\w{1,36}$/) });
export const doubtDecisionBody = z.strictObject({
  action: z.enum(DOUBT_ACTIONS),
  /** Where the provider said so: file and line, letter, name and time of a call. */
  evidence: z.string().trim().min(5).max(200),
  provider_txn_id: z.string().max(64).optional(),
  business_date: z.iso.date().optional(),
});
export const verdictBody = z.strictObject({ decision: z.enum(['approve', 'reject']) });

export const decisionViewOf = (row: DecisionRow): z.output<typeof doubtDecisionView> => ({
  object: 'doubt_decision',
  ...{ id: row.id, action: row.action, evidence: row.evidence, state: row.state, outcome: row.outcome },
  proposed_by: row.proposed_by,
  proposed_at: row.proposed_at.toISOString(),
  decided_by: row.decided_by,
  decided_at: row.decided_at?.toISOString() ?? null,
});

export const doubtViewOf = (row: DoubtRow, decisions: readonly DecisionRow[]): z.output<typeof doubtView> => ({
  object: 'doubt',
  ...{ id: row.id, kind: row.kind, subject: row.object_no, provider: row.provider, why: row.why, state: row.state },
  payment: row.payment_no === '' ? null : paymentId(row.payment_no),
  amount: row.amount === null ? null : toJson(row.amount),
  owner: row.owner === '' ? null : row.owner,
  opened_at: row.opened_at.toISOString(),
  age: Math.max(0, Math.floor((Date.now() - row.opened_at.getTime()) / 1000)),
  tries: row.tries,
  last_tried_at: row.last_tried_at?.toISOString() ?? null,
  closed_at: row.closed_at?.toISOString() ?? null,
  outcome: row.outcome === '' ? null : row.outcome,
  decisions: decisions.filter(({ doubt_id }) => doubt_id === row.id).map(decisionViewOf),
});

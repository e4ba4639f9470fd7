import { period } from '@yidian/contracts';
import { amountAnswer, listQuery } from '@yidian/http';
import { z } from 'zod';

/** Public shapes of what a party was told of its period. */

const partyText = z.string().regex(/^[A-Za-z0-9][\w-]{0,39}$/);
export const statementsQuery = listQuery.extend({
  period,
  /** As it stands today: silence confirms. */
  state: z.enum(['issued', 'confirmed', 'disputed']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
});
export const statementParams = z.strictObject({ party: partyText, period });
export const statementFileParams = statementParams.extend({ format: z.enum(['xlsx', 'csv', 'html']) });
export const versionQuery = z.strictObject({ version: z.coerce.number().int().min(1).optional() });
export const issueBody = z.strictObject({ party: partyText, period });
export const statementDecisionBody = z
  .strictObject({
    version: z.int().min(1),
    decision: z.enum(['confirm', 'dispute']),
    /** Needed with dispute. */
    reason: z.string().trim().max(200).default(''),
  })
  .refine(({ decision, reason }) => decision === 'confirm' || reason !== '', {
    path: ['reason'],
    message: 'a dispute says why',
  });

const moved = {
  ...{ principal: amountAnswer, refunds: amountAnswer, fees: amountAnswer },
  ...{ commission_given: amountAnswer, commission_earned: amountAnswer, adjustments: amountAnswer },
  ...{ paid: amountAnswer, net: amountAnswer },
};
const brief = z.object({
  object: z.literal('party_statement').default('party_statement'),
  ...{ party: z.string(), name_zh: z.string(), name_en: z.string(), period: z.string(), version: z.int() },
  state: z.enum(['issued', 'confirmed', 'disputed', 'superseded']),
  /** Last day on which it may be disputed; silence confirms it. */
  window_ends: z.string(),
  ...{ digest: z.string(), issued_by: z.string(), decided_by: z.string(), reason: z.string() },
  /** Positive: headquarters owes the party. opening + net = closing. */
  totals: z.object({ opening: amountAnswer, ...moved, closing: amountAnswer }),
});
export const statementBrief = brief.meta({ id: 'PartyStatementBrief' });
export const statementVersion = brief
  .extend({
    rows: z.array(
      z.object({
        ...{ date: z.string(), provider: z.string(), channel: z.string(), count: z.int(), ...moved },
        /** Of an adjustment: its id and the signed-off date or month it corrects. */
        reference: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'PartyStatementVersion' });

import { z } from 'zod';
import { amount, currency, instant } from '../payments/payment.schema';

const reason = z.string().trim().min(1).max(200);

export const blockBody = z
  .strictObject({
    kind: z.enum(['number', 'account', 'partner', 'device', 'legal']),
    /**
     * A whole number for `number` and `legal`; an agreement's or a partner's id; for `device` its id, or that of a payment
     * that was ordered from it.
     */
    value: z.string().min(1).max(64),
    reason,
  })
  .meta({ id: 'BlockOrder' });
export type BlockBody = z.output<typeof blockBody>;
export const liftBody = z.strictObject({ reason }).meta({ id: 'LiftBlock' });

export const blockView = z
  .object({
    id: z.string(),
    object: z.literal('block'),
    kind: z.string(),
    /** Masked where it is a number. */
    value: z.string(),
    reason: z.string(),
    made_by: z.string(),
    created_at: instant,
    lifted_by: z.string().nullable(),
    lifted_at: instant.nullable(),
  })
  .meta({ id: 'Block' });
export type BlockView = z.output<typeof blockView>;

export const reviewView = z
  .object({
    id: z.string(),
    object: z.literal('risk_review'),
    rule: z.enum(['numbers_per_payer', 'payers_per_number', 'numbers_per_partner']),
    state: z.enum(['waiting', 'approved', 'rejected']),
    /** Masked; of `numbers_per_partner` the partner, all of whose orders wait. */
    payer: z.string(),
    number: z.string(),
    branch: z.string(),
    channel: z.string(),
    amount,
    currency,
    why: z.string(),
    asked: z.number().int(),
    created_at: instant,
    decided_by: z.string().nullable(),
    reason: z.string().nullable(),
    valid_until: instant.nullable(),
  })
  .meta({ id: 'RiskReview' });
export type ReviewView = z.output<typeof reviewView>;

export const reviewsQuery = z.strictObject({
  state: z.enum(['waiting', 'approved', 'rejected']).default('waiting'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const reviewDecision = z
  .strictObject({ decision: z.enum(['approved', 'rejected']), reason })
  .meta({ id: 'RiskReviewDecision' });
export type ReviewDecision = z.output<typeof reviewDecision>;

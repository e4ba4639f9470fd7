import { z } from 'zod';
import { amount, currency, instant, plainDate, positiveAmount } from '../payments/payment.schema';

const target = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('self') }),
  z.strictObject({ type: z.literal('linked'), linked_number: z.string().min(5).max(40) }),
]);

const rule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('threshold'),
    /** Below it the number is topped up; left out: the carrier's usual one. */
    threshold: positiveAmount.optional(),
    top_up_to: positiveAmount,
    times_a_day: z.number().int().min(1).max(3).default(1),
    month_cap: positiveAmount.optional(),
  }),
  z.strictObject({
    kind: z.literal('calendar'),
    /** The 29th to 31st are the last day of a shorter month. */
    day_of_month: z.number().int().min(1).max(31),
    amount: positiveAmount,
  }),
]);

/** Keep it above a threshold, or pay for it once a month. Set again for the same number it replaces what stood. */
export const setAutoTopup = z
  .strictObject({
    target,
    rule,
    /** Left out: the usual one. */
    agreement: z.string().min(5).max(40).optional(),
    currency,
  })
  .meta({ id: 'SetAutoTopup' });
export type SetAutoTopup = z.output<typeof setAutoTopup>;

export const autoTopupView = z
  .object({
    id: z.string(),
    object: z.literal('auto_topup'),
    kind: z.enum(['threshold', 'calendar']),
    state: z.enum(['active', 'paused', 'stopped', 'ended']),
    /** Why it is in its state. */
    why: z.string(),
    number: z.string(),
    nickname: z.string().nullable(),
    linked_number: z.string().nullable(),
    agreement: z.string().nullable(),
    threshold: amount.nullable(),
    top_up_to: amount.nullable(),
    amount: amount.nullable(),
    day_of_month: z.number().int().nullable(),
    times_a_day: z.number().int(),
    month_cap: amount,
    currency,
    refusals: z.number().int(),
    /** Noticed and not made yet: it can still be skipped. */
    next: z.object({ on: plainDate, at: instant, amount, skippable: z.boolean() }).nullable(),
    occasions: z.array(
      z.object({
        on: plainDate,
        state: z.enum(['noticed', 'paying', 'done', 'skipped', 'not_needed', 'given_up']),
        amount,
        payment: z.string().nullable(),
        code: z.string().nullable(),
      }),
    ),
    created_at: instant,
  })
  .meta({ id: 'AutoTopup' });
export type AutoTopupView = z.output<typeof autoTopupView>;

export const changeAutoTopup = z
  .strictObject({ to: z.enum(['active', 'paused', 'ended']) })
  .meta({ id: 'ChangeAutoTopup' });
export type ChangeAutoTopup = z.output<typeof changeAutoTopup>;

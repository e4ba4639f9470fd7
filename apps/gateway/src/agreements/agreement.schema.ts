import { z } from 'zod';
import {
  amount,
  currency,
  instant,
  nextAction,
  phoneNumber,
  positiveAmount,
  reference,
} from '../payments/payment.schema';

/** Limits of an agreement, in fen: one payment, a Beijing calendar day, a calendar month. */
export const agreementLimits = z.strictObject({
  payment: positiveAmount,
  day: positiveAmount,
  month: positiveAmount,
  currency,
});

// 7 agreement
export const createAgreementRequest = z
  .strictObject({
    reference,
    number: phoneNumber,
    provider: z.string().min(2).max(32),
    return_url: z.url().max(500),
    limits: agreementLimits.optional(),
  })
  .meta({ id: 'CreateAgreementRequest' });
export type CreateAgreementRequest = z.infer<typeof createAgreementRequest>;

export const agreementState = z.enum(['pending', 'active', 'frozen', 'ended']);
export type AgreementState = z.infer<typeof agreementState>;
export const agreementView = z
  .object({
    id: z.string(),
    object: z.literal('agreement'),
    reference: z.string().nullable(),
    state: agreementState,
    number: z.string(),
    provider: z.string(),
    /** Bank and last four, such as 甲银行 ··8812; null until signed. */
    account: z.string().nullable(),
    limits: z.object({ payment: amount, day: amount, month: amount, currency }),
    next_action: nextAction.nullable(),
    created_at: instant,
    livemode: z.boolean(),
  })
  .meta({ id: 'Agreement' });
export type AgreementView = z.infer<typeof agreementView>;

// 8 linked number
export const createLinkedNumberRequest = z
  .strictObject({
    agreement: z.string().min(5).max(40),
    number: phoneNumber,
    nickname: z.string().trim().min(1).max(6),
    limits: z.strictObject({ month: positiveAmount, currency }).optional(),
  })
  .meta({ id: 'CreateLinkedNumberRequest' });
export type CreateLinkedNumberRequest = z.infer<typeof createLinkedNumberRequest>;

export const linkedNumberState = z.enum(['pending_consent', 'active', 'refused', 'ended']);
export type LinkedNumberState = z.infer<typeof linkedNumberState>;
export const linkedNumberView = z
  .object({
    id: z.string(),
    object: z.literal('linked_number'),
    state: linkedNumberState,
    agreement: z.string(),
    number: z.string(),
    nickname: z.string(),
    limits: z.object({ month: amount, currency }),
    consent: z.object({ sent_at: instant, expires_at: instant }),
    created_at: instant,
    livemode: z.boolean(),
  })
  .meta({ id: 'LinkedNumber' });
export type LinkedNumberView = z.infer<typeof linkedNumberView>;

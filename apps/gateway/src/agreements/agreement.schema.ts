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
/**
 * How surely the account is its holder's: `bank` by the bank's own word, `three_elements` name, identity card and account,
 * `four_elements` also the telephone that the bank knows.
 */
export const verifiedLevel = z.enum(['none', 'bank', 'three_elements', 'four_elements']);
export type VerifiedLevel = z.infer<typeof verifiedLevel>;
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
    verified: verifiedLevel,
    signed_by: z.enum(['customer', 'bank', 'import']),
    /** Of a new one: what it may pay altogether until then; null: it is not new. */
    cooling: z.object({ amount, currency, until: instant }).nullable(),
    /** Of an ended one: whether its provider has said that it has ended there, too. */
    unsigned: z.enum(['asking', 'done']).nullable(),
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

/** A code that the bank has sent to the telephone it knows. */
export const confirmAgreementRequest = z
  .strictObject({ code: z.string().regex(/^\d{4,8}$/) })
  .meta({ id: 'ConfirmAgreementRequest' });
export type ConfirmAgreementRequest = z.infer<typeof confirmAgreementRequest>;

export const linkedLimits = z.strictObject({ month: positiveAmount, currency });

/** Account, holder and identity card go to the bank and are kept nowhere. */
export const accountCheckRequest = z
  .strictObject({
    provider: z.string().min(2).max(32),
    account: z.string().regex(/^\d{8,32}$/),
    holder: z.string().trim().min(1).max(60),
    id_number: z.string().regex(/^[0-9A-Za-z]{6,30}$/),
    /** Known to the bank: with it four elements are compared, else three. */
    phone: phoneNumber.optional(),
    limits: agreementLimits.optional(),
  })
  .meta({ id: 'AccountCheckRequest' });
export type AccountCheckRequest = z.infer<typeof accountCheckRequest>;
export type AccountCheckOrder = AccountCheckRequest & { number: string };

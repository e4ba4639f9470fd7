import { z } from 'zod';
import {
  agreementLimits,
  agreementState,
  amount,
  currency,
  linkedNumberState,
  phoneNumber,
  positiveAmount,
} from '../../payments';

/** Bodies and answers of the customer's portal. */
export const codeBody = z.strictObject({ number: phoneNumber }).meta({ id: 'PortalCodeRequest' });
export const sessionBody = z
  .strictObject({ number: phoneNumber, code: z.string().regex(/^\d{6}$/) })
  .meta({ id: 'PortalSessionRequest' });

const money = z.object({ amount, currency });
const named = z.object({ code: z.string(), name: z.string() });

export const portalSession = z
  .object({ object: z.literal('portal_session'), number: z.string(), livemode: z.boolean() })
  .meta({ id: 'PortalSession' });

export const portalCustomer = z
  .object({
    object: z.literal('portal_customer'),
    /** The customer's own number, whole. */
    number: z.string(),
    owner: z.string(),
    branch: named,
    balance: money,
    agreements: z.array(
      z.object({
        id: z.string(),
        provider: named,
        /** Last four, such as ··8812; null until signed. */
        account: z.string().nullable(),
        state: agreementState,
        limits: z.object({ payment: amount, day: amount, month: amount, currency }),
      }),
    ),
    linked_numbers: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        nickname: z.string(),
        state: linkedNumberState,
        branch: named,
        /** Another's balance is not shown: its consent covers whether a top-up worked, nothing else. */
        balance: money.nullable(),
      }),
    ),
    livemode: z.boolean(),
  })
  .meta({ id: 'PortalCustomer' });
export type PortalCustomer = z.output<typeof portalCustomer>;

const target = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('self') }),
  z.strictObject({ type: z.literal('linked'), linked_number: z.string().min(5).max(40) }),
  z.strictObject({ type: z.literal('number'), number: phoneNumber, number_query: z.string().min(4).max(300) }),
]);
const funding = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('agreement'), agreement: z.string().min(5).max(40) }),
  z.strictObject({
    type: z.literal('cashier'),
    provider: z.string().min(2).max(32),
    presentation: z.enum(['redirect', 'qr']).default('redirect'),
  }),
]);
export const portalPaymentBody = z
  .strictObject({
    target,
    amount: positiveAmount,
    currency,
    funding,
    replaces: z.string().min(5).max(40).optional(),
  })
  .meta({ id: 'PortalPaymentRequest' });
export type PortalPaymentBody = z.output<typeof portalPaymentBody>;

export const portalAgreementBody = z
  .strictObject({ provider: z.string().min(2).max(32), limits: agreementLimits.optional() })
  .meta({ id: 'PortalAgreementRequest' });
export type PortalAgreementBody = z.output<typeof portalAgreementBody>;

export const idParams = z.strictObject({ id: z.string().min(1).max(64) });
export type IdParams = z.output<typeof idParams>;

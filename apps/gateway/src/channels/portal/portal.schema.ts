import { listQuery } from '@yidian/http';
import { z } from 'zod';
import {
  agreementLimits,
  agreementState,
  amount,
  cashierMethod,
  cashierPayer,
  createLinkedNumberRequest,
  createPaymentRequest,
  currency,
  instant,
  linkedNumberState,
  paymentState,
  phoneNumber,
  positiveAmount,
  presentation,
  verifiedLevel,
} from '../../payments';

/** Shapes of the portal's own routes; payments, agreements and linked numbers are answered as on every other door. */
export const codeRequest = z.strictObject({ number: phoneNumber }).meta({ id: 'PortalCodeRequest' });
export const sessionRequest = z
  .strictObject({ number: phoneNumber, code: z.string().regex(/^\d{6}$/) })
  .meta({ id: 'PortalSessionRequest' });
export const sessionView = z
  .object({ object: z.literal('portal_session'), number: z.string(), livemode: z.boolean() })
  .meta({ id: 'PortalSession' });

const money = z.object({ amount, currency });
const branch = z.object({ code: z.string(), name: z.string() });

export const customerView = z
  .object({
    object: z.literal('portal_customer'),
    /** Whole: it is the customer's own. */
    number: z.string(),
    owner: z.string(),
    branch,
    /** null: the number's branch keeps it and does not say now. */
    balance: money.nullable(),
    agreements: z.array(
      z.object({
        id: z.string(),
        provider: branch,
        account: z.string().nullable(),
        state: agreementState,
        limits: agreementLimits,
        /** What was signed: limits may be raised again up to it. */
        most: agreementLimits,
        verified: verifiedLevel,
        cooling: z.object({ amount, currency, until: instant }).nullable(),
        /** Pays where no agreement is named. */
        usual: z.boolean(),
        /** Its provider is planned to be away until then; null: it is not. */
        away_until: instant.nullable(),
      }),
    ),
    linked_numbers: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        nickname: z.string(),
        state: linkedNumberState,
        limits: z.object({ month: amount, currency }),
        branch,
        /** Null until the number has consented, after it has changed hands, and while it cannot be looked up. */
        balance: money.nullable(),
      }),
    ),
    livemode: z.boolean(),
  })
  .meta({ id: 'PortalCustomer' });
export type CustomerView = z.output<typeof customerView>;

const { number_query: numberQuery } = createPaymentRequest.shape;
export const portalTarget = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('self') }),
  z.strictObject({ type: z.literal('linked'), linked_number: z.string().min(5).max(40) }),
  z.strictObject({ type: z.literal('number'), number: phoneNumber, number_query: numberQuery.unwrap() }),
]);
export type PortalTarget = z.output<typeof portalTarget>;

export const portalPaymentRequest = z
  .strictObject({
    target: portalTarget,
    amount: positiveAmount,
    currency,
    funding: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('agreement'),
        /** Left out: the usual agreement, or the one that routing prefers. */
        agreement: z.string().min(5).max(40).optional(),
      }),
      z
        .strictObject({
          type: z.literal('cashier'),
          provider: z.string().min(2).max(32).optional(),
          /** Instead of a provider. */
          method: cashierMethod.optional(),
          presentation: presentation.default('redirect'),
          ...cashierPayer,
        })
        .refine(({ provider, method }) => (provider === undefined) !== (method === undefined), {
          error: 'field_invalid',
          path: ['provider'],
        }),
    ]),
    /** Pays knowingly again while that payment is unknown or its page open; should both succeed, the later is returned. */
    replaces: z.string().min(5).max(40).optional(),
  })
  .meta({ id: 'PortalPaymentRequest' });
export type PortalPaymentRequest = z.output<typeof portalPaymentRequest>;

export const cashiersQuery = z.strictObject({
  /** Fen. */
  amount: z.coerce.number().pipe(positiveAmount),
  /** Home branch of the number that is paid for; left out: the customer's own. */
  branch: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});
export type CashiersQuery = z.output<typeof cashiersQuery>;
/** A provider at which this payment can be made now, and how the payer meets it. */
export const cashierView = z
  .object({ object: z.literal('portal_cashier'), provider: branch, presentations: z.array(presentation) })
  .meta({ id: 'PortalCashier' });
export type CashierView = z.output<typeof cashierView>;

export const portalPaymentsQuery = listQuery.extend({ state: paymentState.optional() });
export type PortalPaymentsQuery = z.output<typeof portalPaymentsQuery>;

export const portalAgreementRequest = z
  .strictObject({ provider: z.string().min(2).max(32), limits: agreementLimits.optional() })
  .meta({ id: 'PortalAgreementRequest' });
export type PortalAgreementRequest = z.output<typeof portalAgreementRequest>;

export const portalLinkedNumberRequest = createLinkedNumberRequest
  .omit({ limits: true })
  .meta({ id: 'PortalLinkedNumberRequest' });
export type PortalLinkedNumberRequest = z.output<typeof portalLinkedNumberRequest>;

/** Somebody who pays for the customer's number, or asks to. */
export const payerView = z
  .object({
    id: z.string(),
    object: z.literal('portal_payer'),
    payer: z.string(),
    state: linkedNumberState,
    created_at: instant,
  })
  .meta({ id: 'PortalPayer' });
export type PayerView = z.output<typeof payerView>;
export const payerAnswer = z
  .strictObject({
    /** no: this time; block: not by this payer again. */
    answer: z.enum(['agree', 'no', 'block']),
  })
  .meta({ id: 'PortalPayerAnswer' });
export type PayerAnswer = z.output<typeof payerAnswer>;
export const consentBlockView = z
  .object({
    id: z.string(),
    object: z.literal('consent_block'),
    /** Masked; null: nobody may ask. */
    payer: z.string().nullable(),
    created_at: instant,
  })
  .meta({ id: 'ConsentBlock' });
export type ConsentBlockView = z.output<typeof consentBlockView>;

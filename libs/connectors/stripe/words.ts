import { fromJson } from '@yidian/money';
import { z } from 'zod';

/** Stripe's JSON. Unknown members are ignored; amounts are whole minor units, currencies lower case. */
const wholeMinor = z.number().int();
const id = z.string().min(1).max(255);
const seconds = z.number().int().min(0);
const metadata = z.record(z.string(), z.string()).nullish();
const reference = z.union([id, z.object({ id })]).nullish();

/** What our orders carry at Stripe, under these names. */
export const ORDER_NO = 'order_no';
export const ORDER_KIND = 'order_kind';
export const REFUND_NO = 'refund_no';
export const AGREEMENT_NO = 'agreement_no';

export const chargeWord = z.object({
  id,
  created: seconds.optional(),
  payment_intent: reference,
  metadata,
  refunds: z.object({ data: z.array(z.unknown()) }).nullish(),
});

export const paymentError = z.object({
  type: z.string().nullish(),
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
});

export const intentWord = z.object({
  id,
  object: z.literal('payment_intent').optional(),
  status: z.string(),
  amount: wholeMinor.optional(),
  amount_received: wholeMinor.nullish(),
  currency: z.string().optional(),
  created: seconds.optional(),
  metadata,
  last_payment_error: paymentError.nullish(),
  cancellation_reason: z.string().nullish(),
  latest_charge: z.union([id, chargeWord]).nullish(),
});
export type IntentWord = z.output<typeof intentWord>;

export const sessionWord = z.object({
  id,
  object: z.literal('checkout.session').optional(),
  mode: z.string(),
  status: z.string().nullish(),
  payment_status: z.string().nullish(),
  url: z.string().nullish(),
  expires_at: seconds.nullish(),
  client_reference_id: z.string().nullish(),
  metadata,
  amount_total: wholeMinor.nullish(),
  currency: z.string().nullish(),
  customer: reference,
  payment_intent: z.union([id, intentWord]).nullish(),
  setup_intent: z.union([id, z.unknown()]).nullish(),
});
export type SessionWord = z.output<typeof sessionWord>;

const account = z.object({
  last4: z.string().nullish(),
  brand: z.string().nullish(),
  display_brand: z.string().nullish(),
  bank_name: z.string().nullish(),
});
export const methodWord = z.object({
  id,
  type: z.string().optional(),
  customer: reference,
  metadata,
  card: account.nullish(),
  us_bank_account: account.nullish(),
  sepa_debit: account.nullish(),
  bacs_debit: account.nullish(),
  au_becs_debit: account.nullish(),
  acss_debit: account.nullish(),
});
export type MethodWord = z.output<typeof methodWord>;

export const setupWord = z.object({
  id,
  status: z.string(),
  customer: reference,
  metadata,
  payment_method: z.union([id, methodWord]).nullish(),
});
export type SetupWord = z.output<typeof setupWord>;

export const mandateWord = z.object({
  id,
  status: z.string(),
  payment_method: z.union([id, methodWord]).nullish(),
});

export const refundWord = z.object({
  id,
  object: z.literal('refund').optional(),
  status: z.string().nullish(),
  amount: wholeMinor,
  currency: z.string(),
  created: seconds.optional(),
  metadata,
  failure_reason: z.string().nullish(),
  payment_intent: reference,
  charge: reference,
});
export type RefundWord = z.output<typeof refundWord>;

export const disputeWord = z.object({
  id,
  status: z.string(),
  reason: z.string().nullish(),
  amount: wholeMinor,
  currency: z.string(),
  created: seconds.optional(),
  metadata,
  charge: reference,
  payment_intent: reference,
  balance_transactions: z.array(z.unknown()).nullish(),
});

const eventId = z.string().regex(/^[\x21-\x7e]{1,64}$/);

/** As much as every event has, also those that only name what happened (thin events). */
export const anyEventWord = z.object({
  id: eventId,
  object: z.enum(['event', 'v2.core.event']),
  type: z.string().default(''),
});

export const eventWord = z.object({
  id: eventId,
  object: z.literal('event'),
  type: z.string(),
  created: seconds,
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

export const listOf = <S extends z.ZodType>(word: S) =>
  z.object({ data: z.array(word), has_more: z.boolean().optional() });

export const idOf = (ref: z.output<typeof reference>): string => (typeof ref === 'string' ? ref : (ref?.id ?? ''));
export const at = (unix: number): Date => new Date(unix * 1_000);

/** Minor units as Stripe counts them, the currency as we write it. */
export const money = (amount: number, currency: string): { amount: bigint; currency: string } => ({
  amount: fromJson(amount),
  currency: currency.toUpperCase(),
});

const BEIJING = 8 * 3_600_000;
/** The calendar day in Beijing that an instant falls on: the day of the report that will hold it. */
export const beijingDate = (instant: Date): string => new Date(instant.getTime() + BEIJING).toISOString().slice(0, 10);

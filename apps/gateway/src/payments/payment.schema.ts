import { z } from 'zod';

export * from './keyed';

/**
 * Public shapes of payments, reversals, refunds, number queries and events, as every door speaks them.
 * A zod message that is a code of the error book (`amount_not_integer`) is that finding's code.
 */

/** Whole fen as a JSON number; more than 2^53−1, a fraction or a string is refused. */
export const amount = z.number({ error: 'amount_not_integer' }).int({ error: 'amount_not_integer' });
export const positiveAmount = amount.positive({ error: 'amount_below_minimum' });
export const currency = z.literal('CNY', { error: 'currency_not_supported' });
export const phoneNumber = z.string({ error: 'number_malformed' }).regex(/^1\d{10}$/, { error: 'number_malformed' });
/** RFC 3339, UTC, milliseconds. */
export const instant = z.iso.datetime();
export const plainDate = z.iso.date();
export const reference = z.string().regex(/^[\x21-\x7e]{1,64}$/);
const reason = z.string().min(1).max(64);

export const paymentState = z.enum([
  'created',
  'submitted',
  'unknown',
  'paid',
  'completed',
  'declined',
  'closed',
  'rejected',
  'reversing',
  'reversed',
  'refunding',
  'refunded',
  'partially_refunded',
  'returned',
]);
export type PaymentState = z.infer<typeof paymentState>;
export const creditState = z.enum(['none', 'requested', 'credited', 'rejected', 'voided', 'unknown']);
export type CreditState = z.infer<typeof creditState>;

// 1 number query
export const numberQueryRequest = z.strictObject({ number: phoneNumber }).meta({ id: 'NumberQueryRequest' });
export const numberQueryView = z
  .object({
    id: z.string(),
    object: z.literal('number_query'),
    /** Masked, like every number in an answer. */
    number: z.string(),
    owner: z.string(),
    branch: z.object({ code: z.string(), name: z.string() }),
    status: z.enum(['active', 'suspended', 'pre_closed', 'closed']),
    plan: z.enum(['prepaid', 'postpaid']),
    /** Null on the portal unless the number is the caller's own or has consented. */
    balance: z.object({ amount, currency }).nullable(),
    amount_due: z.object({ amount, currency }).nullable(),
    accepts: z.object({ min: amount, max: amount, step: amount, currency }),
    expires_at: instant,
    livemode: z.boolean(),
  })
  .meta({ id: 'NumberQuery' });
export type NumberQueryView = z.infer<typeof numberQueryView>;

// 2, 3 payment
const agreementFunding = z.strictObject({
  type: z.literal('agreement'),
  /** Left out: the payer's usual agreement, or the one that routing prefers. */
  agreement: z.string().min(5).max(40).optional(),
});
/** A way to pay, such as `card`; which provider serves it is for routing to say. */
export const cashierMethod = z.string().regex(/^[a-z][a-z0-9_]{1,31}$/);
/** What some providers want to know of the payer before they open their page. */
export const cashierPayer = {
  /** The payer's WeChat openid at our account: with `presentation` app he pays inside WeChat. */
  payer_openid: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/)
    .optional(),
};
export const presentation = z.enum(['redirect', 'qr', 'app']);
const cashierFunding = z
  .strictObject({
    type: z.literal('cashier'),
    provider: z.string().min(2).max(32).optional(),
    /** Instead of a provider. */
    method: cashierMethod.optional(),
    presentation,
    ...cashierPayer,
    /** The payer's own address, which WeChat's H5 pages must name. */
    payer_ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  })
  .refine(({ provider, method }) => (provider === undefined) !== (method === undefined), {
    error: 'field_invalid',
    path: ['provider'],
  });
const collectedFunding = z.strictObject({
  type: z.literal('collected'),
  taken_at: instant,
  teller: z.string().min(1).max(32).optional(),
});
const metadata = z
  .record(z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/), z.string().max(200))
  .refine((value) => Object.keys(value).length <= 20, { error: 'field_invalid' });

export const createPaymentRequest = z
  .strictObject({
    reference,
    /** Refuses with `number_owner_changed` when the number changed hands since that query. */
    number_query: z.string().min(4).max(300).optional(),
    number: phoneNumber,
    amount: positiveAmount,
    currency,
    funding: z.discriminatedUnion('type', [agreementFunding, cashierFunding, collectedFunding]),
    /** Seconds a cashier page lives. */
    expires_in: z.number().int().min(60).max(86_400).optional(),
    /** Pays knowingly again while that payment is unknown or its page open; should both succeed, the later is returned. */
    replaces: z.string().min(5).max(40).optional(),
    /** The phone or browser that the payer orders from, as the partner knows it: held against the block list of devices. */
    device: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/)
      .optional(),
    metadata: metadata.optional(),
  })
  .meta({ id: 'CreatePaymentRequest' });
export type CreatePaymentRequest = z.infer<typeof createPaymentRequest>;

/**
 * `redirect`: go to `url` · `show_qr`: `url` is the text of the code · `post_form`: the browser posts `form` to `url` ·
 * `open_app`: the provider's kit in the app is called with `app`, and `url` is empty.
 */
export const nextAction = z.object({
  type: z.enum(['redirect', 'show_qr', 'post_form', 'open_app']),
  url: z.string(),
  form: z.record(z.string(), z.string()).optional(),
  app: z.record(z.string(), z.string()).optional(),
  expires_at: instant,
});
export type NextAction = z.infer<typeof nextAction>;

export const attemptView = z.object({
  number: z.string(),
  provider: z.string(),
  state: z.enum(['prepared', 'pending', 'succeeded', 'declined', 'not_executed', 'unknown', 'closed']),
  provider_txn_id: z.string().nullable(),
  code: z.string().nullable(),
  submitted_at: instant,
  ended_at: instant.nullable(),
});

export const refundView = z
  .object({
    id: z.string(),
    object: z.literal('refund'),
    number: z.string(),
    state: z.enum(['pending', 'succeeded', 'failed', 'unknown']),
    final: z.boolean(),
    payment: z.string(),
    amount,
    currency,
    reason: z.string(),
    code: z.string().nullable(),
    created_at: instant,
    livemode: z.boolean(),
  })
  .meta({ id: 'Refund' });
export type RefundView = z.infer<typeof refundView>;

export const paymentView = z
  .object({
    id: z.string(),
    object: z.literal('payment'),
    number: z.string(),
    reference: z.string().nullable(),
    state: paymentState,
    /** Tell the payer now; while false ask again. */
    final: z.boolean(),
    amount,
    amount_refunded: amount,
    currency,
    msisdn: z.string(),
    branch: z.string(),
    channel: z.string(),
    business_date: plainDate.nullable(),
    funding: z.object({
      type: z.enum(['agreement', 'cashier', 'collected']),
      provider: z.string(),
      agreement: z.string().nullable(),
      /** Bank and last four, such as 甲银行 ··8812. */
      account: z.string().nullable(),
    }),
    next_action: nextAction.nullable(),
    topup: z.object({
      state: creditState,
      code: z.string().nullable(),
      at: instant.nullable(),
      balance_after: amount.nullable(),
    }),
    decline: z.object({ code: z.string() }).nullable(),
    /** return_cash: the partner gives the money back; nothing was credited. */
    next_step: z.enum(['return_cash']).nullable(),
    replaces: z.string().nullable(),
    last_query_at: instant.nullable(),
    /** While unknown or pending: when the provider is asked again. */
    next_query_at: instant.nullable(),
    metadata: z.record(z.string(), z.string()),
    created_at: instant,
    livemode: z.boolean(),
    attempts: z.array(attemptView).optional(),
    refunds: z.array(refundView).optional(),
  })
  .meta({ id: 'Payment' });
export type PaymentView = z.infer<typeof paymentView>;

export const paymentExpand = z.enum(['attempts', 'topup', 'refunds', 'agreement']);
/** Query of GET /v1/payments. `reference` gives a list of 0 or 1. */
export const listPaymentsQuery = z.strictObject({
  reference: reference.optional(),
  state: paymentState.optional(),
  created_from: instant.optional(),
  created_to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional(),
  sort: z.enum(['-created_at']).optional(),
  expand: z.string().max(100).optional(),
});
export type ListPaymentsQuery = z.infer<typeof listPaymentsQuery>;

// 5 reversal
export const createReversalRequest = z
  .strictObject({ payment: z.string().min(5).max(40).optional(), reference: reference.optional(), reason })
  .refine((body) => (body.payment === undefined) !== (body.reference === undefined), {
    error: 'field_invalid',
    path: ['payment'],
  })
  .meta({ id: 'CreateReversalRequest' });
export type CreateReversalRequest = z.infer<typeof createReversalRequest>;
export const reversalView = z
  .object({
    id: z.string(),
    object: z.literal('reversal'),
    number: z.string(),
    state: z.enum(['pending', 'reversed', 'failed', 'unknown']),
    final: z.boolean(),
    payment: z.string().nullable(),
    reference: z.string().nullable(),
    amount: amount.nullable(),
    currency: currency.nullable(),
    reason: z.string(),
    /** not_seen_blocked: no payment had this reference; a late original is refused. */
    note: z.enum(['not_seen_blocked']).nullable(),
    code: z.string().nullable(),
    created_at: instant,
    livemode: z.boolean(),
  })
  .meta({ id: 'Reversal' });
export type ReversalView = z.infer<typeof reversalView>;

// 6 refund
export const createRefundRequest = z
  .strictObject({ payment: z.string().min(5).max(40), amount: positiveAmount, currency: currency.optional(), reason })
  .meta({ id: 'CreateRefundRequest' });
export type CreateRefundRequest = z.infer<typeof createRefundRequest>;

// 10 event
export const eventView = z
  .object({
    id: z.string(),
    object: z.literal('event'),
    type: z.string(),
    api_version: z.literal('v1'),
    created_at: instant,
    livemode: z.boolean(),
    /** Grows by one per object; order by it, not by arrival. */
    sequence: z.number().int(),
    data: z.object({ object: z.record(z.string(), z.unknown()), previous_state: z.string().nullable() }),
  })
  .meta({ id: 'Event' });
export type EventView = z.infer<typeof eventView>;
export const listEventsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** Holds a place per open lane. */
  cursor: z.string().max(4_000).optional(),
});

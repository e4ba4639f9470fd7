import { fromJson } from '@yidian/money';
import { z } from 'zod';
import { declined, type Queried, type Taken } from '../contract';

/** The bank's JSON. Unknown members are ignored; unknown statuses are read as "not known". */
const orderNo = z.string().min(1).max(32);
const wholeFen = z.number().int();

const order = z.object({
  status: z.string(),
  reason: z.string().optional(),
  txn_id: z.string().max(64).optional(),
  amount: wholeFen.optional(),
  currency: z.string().optional(),
  business_date: z.iso.date().optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
});
export const attemptAnswer = order.extend({ attempt_no: orderNo });
export const refundAnswer = order.extend({ refund_no: orderNo });
export const cashierAnswer = z.object({
  attempt_no: orderNo,
  pay_url: z.url(),
  expires_at: z.iso.datetime({ offset: true }),
});
export const agreementStarted = z.object({
  agreement_no: z.string(),
  sign_url: z.url(),
  expires_at: z.iso.datetime({ offset: true }),
});
export const agreementAnswer = z.object({
  agreement_no: z.string(),
  status: z.string(),
  agreement_ref: z.string().max(64).optional(),
  account_tail: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  bank_name: z.string().max(40).optional(),
  verified: z.string().optional(),
});
/** Signed at the bank: under its own number, for a number of ours. */
export const offeredAgreement = agreementAnswer.extend({
  number: z.string().regex(/^1\d{10}$/),
  limits: z.object({ payment: wholeFen.positive(), day: wholeFen.positive(), month: wholeFen.positive() }).optional(),
});
export const accountChecked = z.object({
  agreement_no: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

/** @throws Error when the text is not JSON of this shape; the wrapper makes that `unknown` */
export function parse<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  return schema.parse(JSON.parse(body.toString('utf8')));
}

/**
 * One order in the bank's words → ours. A success must name sum, currency and transaction, and its number is compared by
 * the wrapper; a refusal must name the order asked about, or it is about something else.
 */
export function orderOutcome(
  word: z.output<typeof order>,
  said: string,
  asked: string,
): Queried<Taken> | { outcome: 'closed' } {
  if (said !== asked) return { outcome: 'unknown', cause: 'another order was answered' };
  switch (word.status) {
    case 'succeeded':
      return taken(word, said);
    case 'declined':
    case 'failed':
      return declined(word.reason, word.txn_id ?? '');
    case 'pending':
      return { outcome: 'pending' };
    case 'not_found':
      return { outcome: 'not_found' };
    case 'closed':
      return { outcome: 'closed' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

function taken(word: z.output<typeof order>, orderNo: string): Queried<Taken> {
  const { txn_id, amount, currency, business_date, completed_at } = word;
  if (!txn_id || amount === undefined || !currency)
    return { outcome: 'unknown', cause: 'a success that lacks its sum' };
  return {
    outcome: 'succeeded',
    orderNo,
    providerTxnId: txn_id,
    amount: fromJson(amount),
    currency,
    businessDate: business_date ?? null,
    completedAt: completed_at ? new Date(completed_at) : new Date(),
  };
}

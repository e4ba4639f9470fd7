import { z } from 'zod';

/** What may come in over the bank's direct interface. Amounts are whole fen as JSON numbers. */
const orderNo = z.string().regex(/^[A-Za-z0-9]{1,32}$/);
const amount = z.number().int().positive();
const currency = z.literal('CNY');

export const debitRequest = z.object({
  attempt_no: orderNo,
  agreement_ref: z.string().min(1).max(64),
  amount,
  currency,
  order_note: z.string().max(200).optional(),
});
export const attemptQuery = z.object({ attempt_no: orderNo });
export const cashierRequest = z.object({
  attempt_no: orderNo,
  amount,
  currency,
  expires_in: z.number().int().positive(),
  return_url: z.string().max(500),
});
export const refundRequest = z.object({
  refund_no: orderNo,
  attempt_no: orderNo,
  amount,
  currency,
  kind: z.enum(['refund', 'reversal']),
});
export const refundQuery = z.object({ refund_no: orderNo });
export const agreementRequest = z.object({
  agreement_no: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  number_masked: z.string().max(20),
  blind: z.string().max(100),
  return_url: z.string().max(500),
  limits: z.unknown(),
});
export const accountCheck = agreementRequest.omit({ return_url: true }).extend({
  account: z.string().regex(/^\d{8,32}$/),
  holder: z.string().min(1).max(60),
  id_number: z.string().regex(/^[0-9A-Za-z]{6,30}$/),
  phone: z.string().max(20),
});
export const accountCode = agreementRequest.pick({ agreement_no: true }).extend({ code: z.string().max(8) });
export const agreementQuery = agreementRequest.pick({ agreement_no: true });

export type DebitRequest = z.infer<typeof debitRequest>;
export type CashierRequest = z.infer<typeof cashierRequest>;
export type RefundRequest = z.infer<typeof refundRequest>;
export type AccountCheck = z.infer<typeof accountCheck>;
export type AgreementRequest = z.infer<typeof agreementRequest>;

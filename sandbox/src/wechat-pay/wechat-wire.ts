import { z } from 'zod';

/** What may come in over API v3. Amounts are whole fen. */
const orderNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{6,32}$/);
const fen = z.number().int().positive();
const amount = z.object({ total: fen, currency: z.literal('CNY').default('CNY') });

export const orderRequest = z.object({
  appid: z.string().min(1).max(32),
  mchid: z.string(),
  description: z.string().min(1).max(127),
  out_trade_no: orderNo,
  time_expire: z.iso.datetime({ offset: true }).optional(),
  notify_url: z.url().max(255),
  amount,
});
export const refundRequest = z.object({
  out_trade_no: orderNo,
  out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/),
  notify_url: z.url().max(255).optional(),
  amount: z.object({ refund: fen, total: fen, currency: z.literal('CNY') }),
});
export const signRequest = z.object({
  appid: z.string().min(1).max(32),
  plan_id: z.number().int(),
  out_contract_code: z.string().min(1).max(32),
  contract_display_account: z.string().min(1).max(32),
  contract_notify_url: z.url().max(255),
  out_user_code: z.string().max(32).optional(),
});
export const scheduleRequest = z.object({ appid: z.string().min(1), schedule_amount: amount });
export const applyRequest = z.object({
  appid: z.string().min(1).max(32),
  out_trade_no: orderNo,
  description: z.string().min(1).max(127),
  transaction_notify_url: z.url().max(255),
  contract_id: z.string().min(1),
  amount,
});

export type OrderRequest = z.infer<typeof orderRequest>;
export type RefundRequest = z.infer<typeof refundRequest>;
export type SignRequest = z.infer<typeof signRequest>;
export type ApplyRequest = z.infer<typeof applyRequest>;

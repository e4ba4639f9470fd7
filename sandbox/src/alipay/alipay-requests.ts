import { parseMajor } from '@yidian/money';
import { z } from 'zod';

/** What may come in `biz_content`; sums are yuan as text. */
const number = z.string().regex(/^[\w-]{1,64}$/);
const sum = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,2})?$/)
  .transform((text) => parseMajor(text))
  .refine((fen) => fen > 0n);

export const orderRequest = z.object({
  out_trade_no: number,
  total_amount: sum,
  subject: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^/=&]*$/),
  product_code: z.string(),
  time_expire: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
    .optional(),
});
export const debitRequest = orderRequest.extend({ agreement_params: z.object({ agreement_no: z.string().min(1) }) });
export const orderQuery = z.object({ out_trade_no: number });
export const refundRequest = z.object({ out_trade_no: number, refund_amount: sum, out_request_no: number });
export const refundQuery = z.object({ out_trade_no: number, out_request_no: number });
export const signRequest = z.object({
  external_agreement_no: number,
  external_logon_id: z.string().max(100),
  personal_product_code: z.string().min(1),
  sign_scene: z.string().refine((scene) => scene !== 'DEFAULT|DEFAULT'),
  access_params: z.object({ channel: z.string().min(1) }),
});
export const agreementQuery = z.union([
  z.object({ agreement_no: z.string().min(1) }),
  z.object({ external_agreement_no: number, personal_product_code: z.string(), sign_scene: z.string() }),
]);
export const billQuery = z.object({ bill_type: z.enum(['trade', 'signcustomer']), bill_date: z.iso.date() });
export const certificateQuery = z.object({ alipay_cert_sn: z.string() });

export type OrderRequest = z.output<typeof orderRequest>;
export type DebitRequest = z.output<typeof debitRequest>;
export type RefundRequest = z.output<typeof refundRequest>;
export type SignRequest = z.output<typeof signRequest>;
export type AgreementQuery = z.output<typeof agreementQuery>;

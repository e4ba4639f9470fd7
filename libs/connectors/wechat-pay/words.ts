import { z } from 'zod';

/** WeChat Pay's JSON. Unknown members are ignored; amounts are whole fen. */
const wholeFen = z.number().int();

export const errorWord = z.object({ code: z.string().max(64), message: z.string().nullish() });

export const transactionWord = z.object({
  mchid: z.string().optional(),
  out_trade_no: z.string().min(1).max(32),
  transaction_id: z.string().max(64).nullish(),
  trade_state: z.string(),
  trade_state_desc: z.string().nullish(),
  success_time: z.string().nullish(),
  amount: z.object({ total: wholeFen.nullish(), currency: z.string().nullish() }).nullish(),
});
export type TransactionWord = z.output<typeof transactionWord>;

export const refundWord = z.object({
  mchid: z.string().optional(),
  refund_id: z.string().max(64).nullish(),
  out_refund_no: z.string().min(1).max(64),
  out_trade_no: z.string().max(32).nullish(),
  success_time: z.string().nullish(),
  /** `status` in answers, `refund_status` in notifications. */
  status: z.string().nullish(),
  refund_status: z.string().nullish(),
  amount: z.object({ refund: wholeFen.nullish(), currency: z.string().nullish() }).nullish(),
});
export type RefundWord = z.output<typeof refundWord>;

export const contractWord = z.object({
  mchid: z.string().optional(),
  contract_id: z.string().max(64).nullish(),
  out_contract_code: z.string().min(1).max(64),
  contract_state: z.string(),
  contract_display_account: z.string().nullish(),
});
export type ContractWord = z.output<typeof contractWord>;

export const scheduleWord = z.object({
  schedule_state: z.string(),
  deduct_start_date: z.string().nullish(),
  deduct_end_date: z.string().nullish(),
  scheduled_amount: z.object({ total: wholeFen.nullish() }).nullish(),
});

export const acceptedWord = z.object({ out_trade_no: z.string() });
export const codeUrl = z.object({ code_url: z.string().min(1).max(512) });
export const h5Url = z.object({ h5_url: z.url() });
export const prepayId = z.object({ prepay_id: z.string().min(1).max(128) });
export const redirectUrl = z.object({ redirect_url: z.url() });

export const billWord = z.object({
  hash_type: z.string(),
  hash_value: z.string().regex(/^[0-9A-Fa-f]{40}$/),
  download_url: z.url(),
});

/** @throws Error when the text is not JSON of this shape; the wrapper makes that `unknown` */
export function parse<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  return schema.parse(JSON.parse(body.toString('utf8')));
}

/** The code of an error answer; '' when it has none. */
export function errorOf(body: Buffer): { code: string; message: string } {
  try {
    const { code, message } = parse(errorWord, body);
    return { code, message: message ?? '' };
  } catch {
    return { code: '', message: '' };
  }
}

const BEIJING = 8 * 3_600_000;

/** `2018-06-08T10:34:56+08:00`; notifications have been seen with `20180225112233`, which is Beijing time. */
export function instant(text: string | null | undefined): Date | null {
  const compact = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '');
  const [, y, m, d, h, i, s] = compact ?? [];
  const iso = compact ? `${y}-${m}-${d}T${h}:${i}:${s}+08:00` : (text ?? '');
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(iso)) return null;
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** RFC 3339 in Beijing time, as WeChat Pay takes it. */
export function beijingTime(at: Date): string {
  return `${new Date(at.getTime() + BEIJING).toISOString().slice(0, 19)}+08:00`;
}

/** The calendar day in Beijing: WeChat Pay's accounting date. */
export const beijingDate = (at: Date): string => beijingTime(at).slice(0, 10);

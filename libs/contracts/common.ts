import { z } from 'zod';

/** Amounts cross between services as digit strings; they become bigint through `fromDigits` on arrival. */
export const digits = z.string().regex(/^-?(0|[1-9]\d{0,17})$/);
/** `YYYY-MM-DD`, a business or calendar date in Asia/Shanghai. */
export const plainDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const currency = z.literal('CNY');
/** 20 digits, begins yyMMdd. */
export const paymentNumber = z.string().regex(/^\d{20}$/);
/** Six digits of GB/T 2260, e.g. 420000 = Hubei. */
export const branchCode = z.string().regex(/^\d{6}$/);
export const providerCode = z.string().regex(/^[a-z][a-z0-9_]{1,31}$/);
/** Mainland mobile number, 11 digits. */
export const msisdn = z.string().regex(/^1\d{10}$/);
export const channel = z.enum(['partner_api', 'sms', 'portal', 'hall', 'auto', 'batch']);

export type Channel = z.infer<typeof channel>;

/** Frames carry 1 to 256 items; each item is answered by itself. */
export const MAX_ITEMS = 256;
export const items = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item).min(1).max(MAX_ITEMS) });

/** Reply of every item-list call: one answer per item, in the order of the request. */
export interface ItemsReply<A> {
  items: A[];
  /** Age in ms of the oldest item waiting in the service's queue: admission reads it. */
  queueAgeMs: number;
}

/** Name of the service's RPC endpoint. */
export type ServiceName = 'gateway' | 'billing' | 'reconciliation' | 'settlement';

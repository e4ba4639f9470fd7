import { z } from 'zod';
import { branchCode, currency, items, paymentNumber, plainDate } from './common';
import { positiveDigits } from './policies';

const subscriberId = z.string().min(1).max(32);
const actor = z.string().min(1).max(64);

/** bills.issue: a bill of a postpaid number; key = its number at the branch. */
export const billsIssue = items(
  z.object({
    key: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/),
    subscriberId,
    branch: branchCode,
    /** The month it is for. */
    period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    amount: positiveDigits,
    currency,
    dueOn: plainDate,
    actor,
  }),
);

/** bills.list: a subscriber's bills, latest first, each with what was put on it and taken off it. */
export const billsList = z.object({ subscriberId, limit: z.number().int().min(1).max(100).default(24) });
export interface BillView {
  billNo: string;
  period: string;
  amount: string;
  /** What is still owed of it. */
  open: string;
  dueOn: string;
  issuedAt: string;
  /** In their order; negative: taken off again. */
  allocations: { paymentNo: string; amount: string; cause: string; at: string }[];
}
export interface BillsReply {
  bills: BillView[];
  /** Paid and not put on any bill. */
  free: string;
}

/**
 * invoices.mark: an invoice was issued for a payment; until it is red-flushed the payment is neither reversed nor refunded.
 * Key = number of the invoice, or of the red one that cancels it.
 */
export const invoicesMark = items(
  z.object({
    key: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
    paymentNo: paymentNumber,
    action: z.enum(['mark', 'red_flush']),
    /** Only payments credited at this branch. */
    branch: branchCode.optional(),
    actor,
  }),
);

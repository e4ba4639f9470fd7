import { z } from 'zod';
import { branchCode, currency, digits } from './common';

/** ledger.verify: every hash, every balance, zero sum. A long one goes on when its caller stops waiting; ask again. */
export const ledgerVerify = z.object({
  /** snapshot: from the last proved balances, if there are any; start: from the first batch. */
  since: z.enum(['snapshot', 'start']).default('snapshot'),
  /** After it the reply is not ok and its one check `verify` says how far it has come. */
  waitMs: z.number().int().min(0).max(3_600_000).default(8_000),
});

/** ledger.openItems: what headquarters owes a branch, payment by payment: credited and not settled +, taken back and not settled −. */
export const ledgerOpenItems = z.object({
  branch: branchCode,
  /** The last item of the page before. */
  after: z.string().max(80).default(''),
  limit: z.number().int().min(1).max(1_000).default(500),
});
export interface OpenItemsReply {
  items: {
    /** Payment number. */
    item: string;
    currency: string;
    /** Signed minor units. */
    amount: string;
    /** When it was first open. */
    since: string;
  }[];
  next: string | null;
  /** False: what happened last is not counted yet. */
  complete: boolean;
}

/** settled.items: the payments a settled sum stands for, told after settled.post under its key; a page counts once. */
export const settledItems = z.object({
  key: z.string().min(1).max(64),
  branch: branchCode,
  page: z.number().int().min(0),
  items: z
    .array(
      z.object({
        /** Empty: of no single payment. */
        paymentNo: z.string().max(32),
        /** Signed like the sum. */
        amount: digits,
        currency,
      }),
    )
    .min(1)
    .max(1_000),
});

import { z } from 'zod';

/** What may come in over a province's interface (docs/PROVINCES.md). Amounts are whole fen as JSON numbers. */
const reference = z.string().regex(/^[\x21-\x7b\x7d\x7e]{1,40}$/);
const amount = z.number().int().positive();
const currency = z.literal('CNY');

export const creditRequest = z.object({
  reference,
  number: z.string().regex(/^1\d{10}$/),
  owner: z.string().max(40),
  amount,
  currency,
});
export const reversalRequest = z.object({
  reference,
  credit: reference,
  amount,
  currency,
  purpose: z.enum(['refund', 'reversal', 'correction']),
});
export const orderQuery = z.object({ reference });
export const numberQuery = z.object({ number: z.string() });

export type CreditRequest = z.infer<typeof creditRequest>;
export type ReversalRequest = z.infer<typeof reversalRequest>;

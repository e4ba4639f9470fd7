import type { HandMove } from '@yidian/contracts';
import { amountAnswer, amountField, branchField, listQuery } from '@yidian/http';
import { toDigits } from '@yidian/money';
import { z } from 'zod';

/** Public shapes of money that people move by hand. */

const provider = z.string().regex(/^[a-z][a-z0-9_]{1,31}$/);
const payment = z.string().regex(/^pay_\d{20}$/);
const itemId = z.string().min(1).max(64);
/** Paid less expected: negative is a loss. */
const difference = z
  .int({ error: 'amount_not_integer' })
  .min(-Number.MAX_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .refine((amount) => amount !== 0, { error: 'amount_below_minimum' });

const move = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('payout_difference'), provider, date: z.iso.date(), difference }),
  z.strictObject({
    ...{ kind: z.literal('principal'), payment, from: branchField, to: branchField, amount: amountField },
    date: z.iso.date(),
  }),
  z.strictObject({ kind: z.literal('offset'), provider, item_ids: z.array(itemId).min(2).max(16) }),
]);
export const handMoveBody = z.strictObject({
  move,
  reason: z.string().trim().min(1).max(200),
  /** What it stands on: letters, files, tickets, as people can find them. */
  evidence: z.string().trim().min(1).max(1000),
});
export const handMoveParams = z.strictObject({ move: z.string().regex(/^hm_[a-z0-9]{1,36}$/) });
export const suspenseQuery = listQuery.extend({ provider });

export const handMoveView = z
  .object({
    object: z.literal('hand_move').default('hand_move'),
    id: z.string(),
    /** approved: being carried out · refused: it could not be, `detail` says why · rejected by the second person. */
    state: z.enum(['proposed', 'approved', 'done', 'refused', 'rejected']),
    move: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('payout_difference'),
        ...{ provider: z.string(), date: z.string(), difference: amountAnswer },
      }),
      z.object({
        kind: z.literal('principal'),
        ...{ payment: z.string(), from: z.string(), to: z.string(), amount: amountAnswer, date: z.string() },
      }),
      z.object({ kind: z.literal('offset'), provider: z.string(), item_ids: z.array(z.string()) }),
    ]),
    ...{ reason: z.string(), evidence: z.string(), detail: z.string() },
    ...{ proposed_by: z.string(), proposed_at: z.string(), decided_by: z.string() },
  })
  .meta({ id: 'HandMove' });
export const suspenseItem = z
  .object({
    object: z.literal('suspense_item').default('suspense_item'),
    ...{ item_id: z.string(), date: z.string(), kind: z.string() },
    /** Positive: money that came and belongs to nobody yet. */
    open: amountAnswer,
    ...{ payment_no: z.string(), ref_no: z.string(), provider_txn_id: z.string() },
  })
  .meta({ id: 'SuspenseItem' });

/** As settlement takes it. */
export function asked(given: z.output<typeof handMoveBody>['move']): HandMove {
  switch (given.kind) {
    case 'payout_difference':
      return { ...given, difference: toDigits(BigInt(given.difference)) };
    case 'principal': {
      const { payment: named, amount, ...rest } = given;
      return { ...rest, paymentNo: named.slice('pay_'.length), amount: toDigits(BigInt(amount)) };
    }
    case 'offset':
      return { kind: 'offset', provider: given.provider, itemIds: given.item_ids };
  }
}

import { z } from 'zod';
import { branchCode, digits, paymentNumber, plainDate, providerCode } from './common';

/**
 * Money that only people can move: proposed by one, decided by another, carried out once under the proposal's own id. Sums are
 * minor units as digits.
 */
const actor = z.string().min(1).max(64);
const id = z.string().regex(/^hm_[a-z0-9]{1,36}$/);
const positive = z.string().regex(/^[1-9]\d{0,17}$/);

export const handMove = z.discriminatedUnion('kind', [
  /** Row 1e: a provider payout's difference is given up: headquarters bears it (short) or keeps it (over). */
  z.strictObject({
    kind: z.literal('payout_difference'),
    provider: providerCode,
    date: plainDate,
    /** Paid less expected: negative is a loss. */
    difference: digits.refine((amount) => amount !== '0', 'must not be zero'),
  }),
  /** Row 15: a payment was settled with the wrong branch; its credit is moved by its own resolution at billing. */
  z.strictObject({
    kind: z.literal('principal'),
    paymentNo: paymentNumber,
    from: branchCode,
    to: branchCode,
    amount: positive,
    /** The date whose positions it changes. */
    date: plainDate,
  }),
  /** Rows 6c, 12: items of one suspense account that cancel each other. */
  z.strictObject({
    kind: z.literal('offset'),
    provider: providerCode,
    itemIds: z.array(z.string().min(1).max(64)).min(2).max(16),
  }),
]);
export type HandMove = z.infer<typeof handMove>;

export const handMovesPropose = z.object({
  move: handMove,
  reason: z.string().trim().min(1).max(200),
  /** What it stands on: letters, files, tickets, as people can find them. */
  evidence: z.string().trim().min(1).max(1000),
  actor,
});
export const handMovesDecide = z.object({ id, decision: z.enum(['approve', 'reject']), actor });
export const handMovesList = z.object({ limit: z.number().int().min(1).max(200).default(100) });

export interface HandMoveView {
  id: string;
  /** approved: being carried out · done · refused: it could not be, `detail` says why · rejected by the second person. */
  state: 'proposed' | 'approved' | 'done' | 'refused' | 'rejected';
  move: HandMove;
  reason: string;
  evidence: string;
  detail: string;
  proposedBy: string;
  proposedAt: string;
  decidedBy: string;
}

/** suspense.list: what waits at a provider, item by item, oldest statement first. */
export const suspenseList = z.object({
  provider: providerCode,
  /** The last one of the page before. */
  after: z.object({ date: plainDate, itemId: z.string().min(1).max(64) }).optional(),
  limit: z.number().int().min(1).max(500).default(100),
});
export interface SuspenseItem {
  itemId: string;
  date: string;
  /** Signed: positive is money that came and belongs to nobody yet. */
  open: string;
  /** What the statement's line is, where the day still has it. */
  kind: string;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
}

export interface HandMovesRpc {
  'hand_moves.propose': [z.input<typeof handMovesPropose>, HandMoveView];
  'hand_moves.decide': [z.input<typeof handMovesDecide>, HandMoveView];
  'hand_moves.list': [z.input<typeof handMovesList>, { moves: HandMoveView[] }];
  'suspense.list': [z.input<typeof suspenseList>, { items: SuspenseItem[]; more: boolean }];
}

import { z } from 'zod';
import { branchCode, digits, paymentNumber, plainDate, providerCode } from './common';
import { month } from './terms';

/**
 * Corrections of what is signed off: proposed by one person, decided by another, booked in a period that is open. Sums are
 * signed minor units as digits: positive = headquarters owes the account's holder more.
 */
const actor = z.string().min(1).max(64);
const id = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/);

/** What is corrected: a provider's date, a date of no single provider, or a month. */
export const adjustmentOriginal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('provider_day'), provider: providerCode, date: plainDate }),
  z.strictObject({ kind: z.literal('platform_day'), date: plainDate }),
  z.strictObject({ kind: z.literal('month'), month }),
]);
export type AdjustmentOriginal = z.infer<typeof adjustmentOriginal>;

const leg = {
  amount: digits.refine((amount) => amount !== '0', 'must not be zero'),
  /** Part of a payment's principal, which billing is told of; left out: an adjustment beside it. */
  paymentNo: paymentNumber.optional(),
};
/**
 * Accounts that no statement, item or bank entry proves by itself. `clearing` is the provider's own account, only of the
 * provider-day that is corrected. What waits in suspense has resolutions; our bank and what is under way have entries.
 */
export const adjustmentLeg = z.discriminatedUnion('account', [
  z.strictObject({ account: z.literal('due'), party: branchCode, ...leg }),
  z.strictObject({ account: z.literal('payable'), party: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/), ...leg }),
  z.strictObject({ account: z.literal('clearing'), party: providerCode, ...leg }),
  z.strictObject({ account: z.literal('hq'), party: z.enum(['fees', 'loss', 'gain', 'promotion']), ...leg }),
]);
export type AdjustmentLeg = z.infer<typeof adjustmentLeg>;

/** adjustments.propose: the same id again is the same batch, or refused. Legs sum to zero, and so do those of each payment. */
export const adjustmentsPropose = z.object({
  id,
  original: adjustmentOriginal,
  legs: z.array(adjustmentLeg).min(2).max(40),
  reason: z.string().trim().min(1).max(200),
  /** What it stands on: letters, files, tickets, as people can find them. */
  evidence: z.string().trim().min(1).max(2000),
  actor,
});
/** adjustments.decide: by another person than the one who proposed it, once. A rejection says why. */
export const adjustmentsDecide = z
  .object({ id, decision: z.enum(['approve', 'reject']), note: z.string().trim().max(200).default(''), actor })
  .refine(({ decision, note }) => decision === 'approve' || note !== '', { path: ['note'], message: 'says why' });
export const adjustmentsGet = z.object({ id });
/** adjustments.list: newest first, a page of them. */
export const adjustmentsList = z.object({
  state: z.enum(['proposed', 'approved', 'posted', 'rejected']).optional(),
  /** The last one of the page before. */
  after: id.optional(),
  limit: z.number().int().min(1).max(200).default(100),
});

export interface AdjustmentView {
  id: string;
  /** approved: decided, its posting is under way; posted: its legs are in the ledger. */
  state: 'proposed' | 'approved' | 'posted' | 'rejected';
  original: AdjustmentOriginal;
  legs: AdjustmentLeg[];
  reason: string;
  evidence: string;
  proposedBy: string;
  proposedAt: string;
  decidedBy: string;
  decidedAt: string | null;
  note: string;
  /** The open date it counts for; empty until it is approved. */
  accountingDate: string;
  batchId: string;
}

export interface AdjustmentsRpc {
  'adjustments.propose': [z.input<typeof adjustmentsPropose>, AdjustmentView];
  'adjustments.decide': [z.input<typeof adjustmentsDecide>, AdjustmentView];
  'adjustments.get': [z.input<typeof adjustmentsGet>, AdjustmentView];
  'adjustments.list': [z.input<typeof adjustmentsList>, { adjustments: AdjustmentView[]; more: boolean }];
}

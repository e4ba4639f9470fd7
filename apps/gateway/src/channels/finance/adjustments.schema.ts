import { branchCode, month, paymentNumber, providerCode, type AdjustmentView } from '@yidian/contracts';
import { amountAnswer } from '@yidian/http';
import { z } from 'zod';
import { publicView } from './public-view';

/** Public shapes of adjustments. Amounts are signed integers of fen: positive = headquarters owes the holder more. */

const id = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/);
const state = z.enum(['proposed', 'approved', 'posted', 'rejected']);
const original = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('provider_day'), provider: providerCode, date: z.iso.date() }),
  z.strictObject({ kind: z.literal('platform_day'), date: z.iso.date() }),
  z.strictObject({ kind: z.literal('month'), month }),
]);
const signed = z
  .int({ error: 'amount_not_integer' })
  .min(-Number.MAX_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .refine((amount) => amount !== 0, 'must not be zero');
const moved = { amount: signed, payment_no: paymentNumber.optional() };
const leg = z.discriminatedUnion('account', [
  z.strictObject({ account: z.literal('due'), party: branchCode, ...moved }),
  z.strictObject({ account: z.literal('payable'), party: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/), ...moved }),
  z.strictObject({ account: z.literal('clearing'), party: providerCode, ...moved }),
  z.strictObject({ account: z.literal('hq'), party: z.enum(['fees', 'loss', 'gain', 'promotion']), ...moved }),
]);
type Leg = z.output<typeof leg>;

export const adjustmentParams = z.strictObject({ adjustment: id });
export const adjustmentsQuery = z.strictObject({
  state: state.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const adjustmentBody = z.strictObject({
  id,
  /** What is signed off and corrected. */
  original,
  /** They sum to zero, and so do those of each payment. */
  legs: z.array(leg).min(2).max(40),
  reason: z.string().trim().min(1).max(200),
  /** What it stands on: letters, files, tickets. */
  evidence: z.string().trim().min(1).max(2000),
});
export const adjustmentDecisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    /** Needed with reject. */
    note: z.string().trim().max(200).default(''),
  })
  .refine(({ decision, note }) => decision === 'approve' || note !== '', {
    path: ['note'],
    message: 'a rejection says why',
  });

export const adjustmentView = z
  .object({
    object: z.literal('adjustment').default('adjustment'),
    id: z.string(),
    /** approved: decided, its posting is under way. posted: its legs are in the ledger. */
    state,
    original: z.object({
      kind: z.enum(['provider_day', 'platform_day', 'month']),
      ...{ provider: z.string().optional(), date: z.string().optional(), month: z.string().optional() },
    }),
    legs: z.array(
      z.object({
        ...{ account: z.enum(['due', 'payable', 'clearing', 'hq']), party: z.string(), amount: amountAnswer },
        payment_no: z.string().optional(),
      }),
    ),
    ...{ reason: z.string(), evidence: z.string(), proposed_by: z.string(), proposed_at: z.string() },
    ...{ decided_by: z.string(), decided_at: z.string().nullable(), note: z.string() },
    /** The open date it counts for; empty until it is approved. */
    accounting_date: z.string(),
  })
  .meta({ id: 'Adjustment' });

export const publicAdjustment = (adjustment: AdjustmentView): z.output<typeof adjustmentView> =>
  adjustmentView.parse(publicView(adjustment));

/** A leg in the words of the service: its kind of party was checked at the door. */
export const wantedLeg = ({ amount, payment_no: paymentNo, ...end }: Leg) => ({
  ...end,
  amount: String(amount),
  ...(paymentNo === undefined ? {} : { paymentNo }),
});

import { amountAnswer, branchField } from '@yidian/http';
import { z } from 'zod';

/** Public shapes of what headquarters pays out, and to whom it may. */

export const runParams = z.strictObject({ run: z.string().regex(/^run_[a-z0-9]{1,36}$/) });
export const payeeParams = z.strictObject({ payee: z.string().regex(/^[a-z0-9_]{1,40}$/) });
export const decisionBody = z.strictObject({ decision: z.enum(['approve', 'reject']) });
const partyKind = z.enum(['branch', 'partner', 'provider', 'payer']);
const partyText = z.string().min(1).max(40);

export const runBody = z.strictObject({
  /** One of our own accounts, by its code. */
  account: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  /** Left out: today, or the next day on which banks work. */
  execution_day: z.iso.date().optional(),
  /** Left out: everybody who is owed something. */
  parties: z
    .array(z.strictObject({ kind: partyKind, code: partyText }))
    .max(1000)
    .optional(),
  refunds: z
    .array(
      z.strictObject({
        payment: z.string().regex(/^pay_\d{20}$/),
        branch: branchField,
        amount: z
          .int({ error: 'amount_not_integer' })
          .min(1, { error: 'amount_below_minimum' })
          .max(Number.MAX_SAFE_INTEGER),
      }),
    )
    .max(1000)
    .optional(),
  /** Only who has confirmed the statement of this date or month. */
  period: z
    .string()
    .regex(/^\d{4}-\d{2}(-\d{2})?$/)
    .optional(),
});
const payout = z.object({
  ...{ number: z.string(), party_kind: z.string(), party: z.string(), amount: amountAnswer, state: z.string() },
  ...{ bank_status: z.string(), reason: z.string(), retry_of: z.string() },
});
export const payoutRun = z
  .object({
    object: z.literal('payout_run').default('payout_run'),
    ...{ run_id: z.string(), account: z.string(), execution_day: z.string() },
    /** Ordered from the bank only after two approvals by two people who did not propose it. */
    state: z.enum(['proposed', 'approved_once', 'sent', 'withdrawn']),
    ...{ proposed_by: z.string(), first_by: z.string(), second_by: z.string() },
    ...{ message_id: z.string(), file_name: z.string(), sha256: z.string(), total: amountAnswer },
    payouts: z.array(payout),
  })
  .meta({ id: 'PayoutRun' });
export const payoutProposal = z
  .object({
    object: z.literal('payout_proposal').default('payout_proposal'),
    /** Null: nobody is to be paid. */
    run: payoutRun.nullable(),
    skipped: z.array(z.object({ kind: z.string(), code: z.string(), amount: amountAnswer, reason: z.string() })),
  })
  .meta({ id: 'PayoutProposal' });

export const payeeBody = z
  .strictObject({
    party_kind: partyKind,
    party: partyText,
    action: z.enum(['add', 'retire']).default('add'),
    name: z.string().trim().max(70).default(''),
    account: z
      .string()
      .regex(/^([A-Z0-9]{4,34})?$/)
      .default(''),
    bic: z
      .string()
      .regex(/^([A-Z0-9]{8}([A-Z0-9]{3})?)?$/)
      .default(''),
    reason: z.string().trim().min(1).max(200),
  })
  .refine(({ action, name, account }) => action === 'retire' || (name !== '' && account !== ''), {
    path: ['account'],
    message: 'a payee has a name and an account',
  });
export const payeeView = z
  .object({
    object: z.literal('payee').default('payee'),
    ...{ id: z.string(), party_kind: partyKind, party: z.string(), action: z.enum(['add', 'retire']) },
    /** The account is masked but for its last four. */
    ...{ name: z.string(), account: z.string(), bic: z.string(), reason: z.string() },
    state: z.enum(['proposed', 'approved', 'rejected']),
    ...{ proposed_by: z.string(), decided_by: z.string(), effective_at: z.string().nullable() },
  })
  .meta({ id: 'Payee' });

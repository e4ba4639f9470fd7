import { amountAnswer, amountField } from '@yidian/http';
import { z } from 'zod';
import { EXPOSURE_BASES } from '../access';

export const exposureView = z
  .object({
    object: z.literal('exposure'),
    partner: z.string(),
    provider: z.string(),
    /** date: of the open business date; held: of all that is not remitted; prefund: of what was paid in before. */
    basis: z.enum(EXPOSURE_BASES),
    business_date: z.string(),
    currency: z.literal('CNY'),
    /** Null: no limit, and then nothing is counted. */
    limit: amountAnswer.nullable(),
    used: amountAnswer,
    available: amountAnswer.nullable(),
    warning_at: amountAnswer.nullable(),
    livemode: z.boolean(),
  })
  .meta({ id: 'Exposure' });
export type ExposureView = z.output<typeof exposureView>;

const partner = z.string().regex(/^[a-z][a-z0-9_]{1,31}$/);
const reason = z.string().trim().min(1).max(200);
/** The bank's own reference of the money that came in; counts once. */
const receipt = z.string().regex(/^[\x21-\x7e]{1,64}$/);
export const changeBody = z
  .strictObject({
    kind: z.enum(['deposit', 'remittance', 'limit']),
    partner,
    /** Of a limit, null: none; prefunded: no credit beyond what was paid in. */
    amount: amountField.nullable(),
    /** Of a limit. */
    basis: z.enum(EXPOSURE_BASES).optional(),
    /** Of money that came in. */
    receipt: receipt.optional(),
    reason,
  })
  .superRefine(({ kind, amount, basis, receipt }, context) => {
    const fault = (path: string, wrong: boolean): void => {
      if (wrong) context.addIssue({ code: 'custom', message: `does not fit ${kind}`, path: [path] });
    };
    const isLimit = kind === 'limit';
    fault('amount', !isLimit && amount === null);
    fault('basis', isLimit !== (basis !== undefined));
    fault('receipt', isLimit !== (receipt === undefined));
  });
export type ChangeBody = z.output<typeof changeBody>;

export const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(200).default(''),
});
export type DecisionBody = z.output<typeof decisionBody>;

export const changeView = z
  .object({
    object: z.literal('exposure_change'),
    id: z.string(),
    partner: z.string(),
    kind: z.enum(['deposit', 'remittance', 'limit']),
    amount: amountAnswer.nullable(),
    basis: z.enum(EXPOSURE_BASES).nullable(),
    receipt: z.string(),
    reason: z.string(),
    state: z.enum(['proposed', 'approved', 'rejected']),
    proposed_by: z.string(),
    proposed_at: z.string(),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    decision_reason: z.string(),
  })
  .meta({ id: 'ExposureChange' });
export type ChangeView = z.output<typeof changeView>;

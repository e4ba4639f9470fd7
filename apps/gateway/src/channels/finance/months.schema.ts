import { month as monthText, providerCode } from '@yidian/contracts';
import { amountAnswer } from '@yidian/http';
import { z } from 'zod';

/** Public shapes of the close of a month. */

export const monthParams = z.strictObject({ month: monthText });
const MOST = 12;
const ordinal = (text: string): number => {
  const [year = 0, month = 0] = text.split('-').map((part) => parseInt(part, 10));
  return year * 12 + month - 1;
};
export const monthsQuery = z
  .strictObject({ from: monthText, to: monthText })
  .refine(({ from, to }) => from <= to && ordinal(to) - ordinal(from) < MOST, {
    path: ['to'],
    message: `the same as from or later, and at most ${MOST} months`,
  });

/** Newest first. */
export function monthsOf({ from, to }: z.output<typeof monthsQuery>): string[] {
  const count = ordinal(to) - ordinal(from) + 1;
  return Array.from({ length: count }, (_, back) => {
    const at = ordinal(to) - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

const state = z.enum(['open', 'closing', 'closed', 'signed_off']);
const brief = z.object({
  object: z.literal('month').default('month'),
  month: z.string(),
  state,
  proposed_by: z.string(),
  signed_by: z.string(),
  steps: z.array(
    z.object({ no: z.int(), name: z.string(), state: z.enum(['waiting', 'done', 'blocked']), detail: z.string() }),
  ),
  digest: z.string(),
});
export const monthBrief = brief.meta({ id: 'MonthBrief' });
export const monthView = brief
  .extend({
    figures: z.array(
      z.object({
        ...{ step: z.int(), terms_id: z.string(), party: z.string(), name: z.string() },
        amount: amountAnswer,
      }),
    ),
  })
  .meta({ id: 'Month' });
export const trialBalance = z
  .object({
    object: z.literal('trial_balance').default('trial_balance'),
    month: z.string(),
    state,
    /** Every account as it stood at the sign-off; empty before it. */
    accounts: z.array(z.object({ account: z.string(), balance: amountAnswer })),
    /** Zero, or something is wrong. */
    total: amountAnswer,
    digest: z.string(),
  })
  .meta({ id: 'TrialBalance' });

export const closingBody = z.strictObject({
  /** Providers whose last day or invoice is known to be missing and is let pass. */
  missing: z.array(z.string().min(1).max(40)).max(50).default([]),
});
export const providerInvoiceBody = z.strictObject({
  provider: providerCode,
  month: monthText,
  number: z.string().trim().min(1).max(64),
  amount: z.int({ error: 'amount_not_integer' }).min(0).max(Number.MAX_SAFE_INTEGER),
});
export const providerInvoice = providerInvoiceBody
  .extend({ object: z.literal('provider_invoice'), replayed: z.boolean() })
  .meta({ id: 'ProviderInvoice' });

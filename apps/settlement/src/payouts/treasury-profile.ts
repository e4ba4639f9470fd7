import { providerCode } from '@yidian/contracts';
import { z } from 'zod';

const account = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);
const monthDay = /^\d{2}-\d{2}(\.\.\d{2}-\d{2})?$/;

/**
 * Headquarters' treasury as one JSON file (TREASURY_PROFILE): our own accounts, how each provider's money arrives, and
 * what a payout needs. Periods are hours and working days.
 */
export const treasuryProfile = z.object({
  accounts: z
    .array(
      z.object({
        code: account,
        /** Holder, number and bank as the bank knows them: the debtor of payout files. */
        name: z.string().min(1).max(70),
        account: z.string().regex(/^[A-Z0-9]{4,34}$/),
        bic: z.string().regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/),
      }),
    )
    .default([]),
  providers: z
    .array(
      z.object({
        provider: providerCode,
        /** payout: it pays its days out · remittance: it collects and remits · prefund: it pays in before it collects. */
        arrives: z.enum(['payout', 'remittance', 'prefund']),
        /** Working days after the business date. */
        lagDays: z.number().int().min(0).max(30).default(1),
        /** An entry is the provider's when its counterparty or its text contains one of these. */
        recognisedBy: z.array(z.string().min(2).max(70)).default([]),
        /** Its contract lets invoiced fees be set off against what it owes; without it both stand apart. */
        setOff: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Between the second person's approval of a payee and the first payout to it. */
  payeeWaitHours: z.number().int().min(0).max(720).default(24),
  /** A statement nobody disputes within them is confirmed. */
  disputeWorkingDays: z.number().int().min(1).max(60).default(5),
  calendar: z
    .array(
      z.object({
        year: z.number().int().min(2000).max(2100),
        source: z.enum(['published', 'statutory']).default('published'),
        off: z.array(z.string().regex(monthDay)),
        makeUp: z.array(z.string().regex(/^\d{2}-\d{2}$/)).default([]),
      }),
    )
    .default([]),
});
export type TreasuryProfile = z.output<typeof treasuryProfile>;
export type ProviderTerms = TreasuryProfile['providers'][number];
export type OwnAccount = TreasuryProfile['accounts'][number];

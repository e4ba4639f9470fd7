import { providerCode } from '@yidian/contracts';
import { amountAnswer } from '@yidian/http';
import { z } from 'zod';
import { FILE_BASE64_LIMIT } from './file-doors';

/** Public shapes of headquarters' own bank accounts: what the bank says, what providers pay in, whose money an entry is. */

const ownAccount = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);
const fileContent = z
  .string()
  .min(4)
  .max(FILE_BASE64_LIMIT)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/);
const entry = z.string().min(1).max(100);

export const treasuryView = z
  .object({
    object: z.literal('treasury').default('treasury'),
    /** Our own accounts; numbers are masked but for the last four. */
    accounts: z.array(z.object({ code: z.string(), name: z.string(), account: z.string(), bic: z.string() })),
    /** How each provider's money arrives, working days after the date, and whether its fees may be set off. */
    providers: z.array(
      z.object({
        provider: z.string(),
        arrives: z.enum(['payout', 'remittance', 'prefund']),
        ...{ lag_days: z.int(), set_off: z.boolean() },
      }),
    ),
  })
  .meta({ id: 'Treasury' });

/** `content_base64` is a camt.053 of one of our own accounts, by its code. */
export const bankStatementBody = z.strictObject({ account: ownAccount, content_base64: fileContent });
export const bankStatementView = z
  .object({
    object: z.literal('bank_statement').default('bank_statement'),
    sha256: z.string(),
    /** Entries in the file, those that were not there yet, and those that are there with other words. */
    ...{ entries: z.int(), added: z.int(), conflicting: z.array(z.string()) },
    findings: z.array(z.string()),
    /** Do the sums of the file agree with its entries. */
    agrees: z.boolean(),
    /** Entries booked by rule now, and those that nobody has explained. */
    ...{ booked: z.int(), unexplained: z.int() },
  })
  .meta({ id: 'BankStatement' });

export const payoutReportBody = z.strictObject({
  provider: providerCode,
  /** As the provider named it. */
  file_name: z.string().regex(/^[^\p{Cc}/\\]{0,200}$/u),
  content_base64: fileContent,
});
export const payoutReportView = z
  .object({
    object: z.literal('payout_report').default('payout_report'),
    ...{ format: z.string(), lines: z.int(), added: z.int(), conflicting: z.array(z.string()) },
    findings: z.array(z.string()),
    agrees: z.boolean(),
  })
  .meta({ id: 'PayoutReport' });

/** `content_base64` is the bank's pain.002; `date` is the day on which it counts. */
export const payoutStatusBody = z.strictObject({ date: z.iso.date(), content_base64: fileContent });
export const payoutStatusView = z
  .object({
    object: z.literal('payout_status').default('payout_status'),
    /** Payouts that the bank refused: what they were to pay is owed again. */
    rejected: z.array(z.string()),
    noted: z.int(),
    findings: z.array(z.string()),
  })
  .meta({ id: 'PayoutStatus' });

export const bankEntryView = z
  .object({
    object: z.literal('bank_entry').default('bank_entry'),
    ...{ entry_id: z.string(), account: z.string(), value_day: z.string() },
    /** Positive came in, negative went out. */
    amount: amountAnswer,
    ...{ our_ref: z.string(), bank_ref: z.string(), counterparty: z.string(), note: z.string() },
    state: z.enum(['open', 'proposed', 'booked']),
    ...{ meaning: z.string(), provider: z.string(), proposed_by: z.string() },
  })
  .meta({ id: 'BankEntry' });
export const entryProposalBody = z.strictObject({ entry, provider: providerCode });
export const entryDecisionBody = z.strictObject({ entry, decision: z.enum(['approve', 'reject']) });

export const payoutsInQuery = z.strictObject({ provider: providerCode, as_of: z.iso.date() });
const dated = { amount: amountAnswer };
export const payoutsInView = z
  .object({
    object: z.literal('provider_payouts').default('provider_payouts'),
    ...{ provider: z.string(), as_of: z.string() },
    groups: z.array(
      z.object({
        class: z.enum([
          'matched',
          'not_due',
          'payout_missing',
          'payout_short',
          'payout_over',
          'payout_unknown',
          'payout_returned',
        ]),
        /** Statement dates and what they should bring. */
        dates: z.array(z.object({ date: z.string(), due_day: z.string(), ...dated })),
        /** The provider's own word, where it gave one. */
        lines: z.array(z.object({ line_id: z.string(), day: z.string(), ...dated })),
        /** What our bank booked. */
        entries: z.array(z.object({ entry_id: z.string(), value_day: z.string(), ...dated })),
        /** Paid less expected. */
        difference: amountAnswer,
      }),
    ),
    /** What the statements say it still holds for us, and what the money ledger says: the same, or something is wrong. */
    ...{ held: amountAnswer, clearing: amountAnswer },
  })
  .meta({ id: 'ProviderPayouts' });

export const prefundBody = z.strictObject({ provider: providerCode });
export const prefundView = z
  .object({
    object: z.literal('prefund_application').default('prefund_application'),
    provider: z.string(),
    /** Negative gives back: a date was settled anew. */
    applied: z.array(z.object({ date: z.string(), amount: amountAnswer })),
    left: amountAnswer,
  })
  .meta({ id: 'PrefundApplication' });

export const setOffBody = z.strictObject({
  /** The caller's own: the same again sets nothing off again. */
  reference: z.string().regex(/^[\w.:-]{1,64}$/),
  provider: providerCode,
  date: z.iso.date(),
});
export const setOffView = z
  .object({
    object: z.literal('set_off').default('set_off'),
    ...{ reference: z.string(), provider: z.string(), amount: amountAnswer, replayed: z.boolean() },
  })
  .meta({ id: 'SetOff' });

/** Where a page of entries begins; a cursor that is none begins at the front. */
export function entryCursor(cursor: string): { valueDay: string; entryId: string } | null {
  const [, valueDay, entryId] = /^(\d{4}-\d{2}-\d{2})\.(.{1,100})$/.exec(cursor) ?? [];
  return valueDay !== undefined && entryId !== undefined ? { valueDay, entryId } : null;
}

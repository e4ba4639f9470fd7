import { amountAnswer, branchField, maskedNumber, numberField } from '@yidian/http';
import { z } from 'zod';

export const positions = z
  .object({
    object: z.literal('positions').default('positions'),
    date: z.string(),
    final: z.boolean(),
    open_breaks: z.int(),
    rows: z.array(
      z.object({
        party: z.string(),
        party_kind: z.enum(['branch', 'provider', 'partner', 'hq']),
        name_zh: z.string(),
        name_en: z.string(),
        /** Positive: headquarters owes the party. */
        principal: amountAnswer,
        refunds: amountAnswer,
        fees: amountAnswer,
        commission_given: amountAnswer,
        commission_earned: amountAnswer,
        adjustments: amountAnswer,
        /** Payouts, receipts and set-off between headquarters and the party. */
        paid: amountAnswer,
        net: amountAnswer,
      }),
    ),
  })
  .meta({ id: 'Positions' });

export const partyStatement = z
  .object({
    object: z.literal('statement').default('statement'),
    party: z.string(),
    name_zh: z.string(),
    name_en: z.string(),
    date: z.string(),
    gross: amountAnswer,
    refunds: amountAnswer,
    fees: amountAnswer,
    commission_given: amountAnswer,
    commission_earned: amountAnswer,
    adjustments: amountAnswer,
    paid: amountAnswer,
    /** The sum of what stands above it. */
    net: amountAnswer,
    lines: z.array(
      z.object({
        provider: z.string(),
        channel: z.string(),
        count: z.int(),
        principal: amountAnswer,
        fee: amountAnswer,
        commission: amountAnswer,
        adjustments: amountAnswer,
        paid: amountAnswer,
        net: amountAnswer,
      }),
    ),
  })
  .meta({ id: 'PartyStatement' });

const check = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export const invariants = z
  .object({
    object: z.literal('invariants').default('invariants'),
    ok: z.boolean(),
    checks: z.array(check),
    branches: z.array(
      z.object({
        branch: z.string(),
        due: amountAnswer,
        principal: amountAnswer,
        settled_in_billing: amountAnswer,
        receivable: amountAnswer,
        open_items: amountAnswer,
        ok: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Invariants' });

export const timelineBody = z.strictObject({ number: numberField });
export const timeline = z
  .object({
    object: z.literal('timeline'),
    number: maskedNumber,
    entries: z.array(
      z.object({
        at: z.string(),
        what: z.string(),
        amount: amountAnswer.nullable(),
        where: z.string(),
        state: z.string(),
        source: z.enum(['payment', 'credit', 'statement', 'adjustment', 'message', 'decision']),
        payment: z.string().nullable(),
      }),
    ),
    /** Sources that did not answer: what they know is missing from the entries. */
    gaps: z.array(z.enum(['statement'])),
  })
  .meta({ id: 'Timeline' });

export const branchStatusBody = z.strictObject({
  branch: branchField,
  status: z.enum(['open', 'maintenance']),
  reason: z.string().trim().min(1).max(200),
});
export const branchStatus = z
  .object({
    object: z.literal('branch').default('branch'),
    code: z.string(),
    name_zh: z.string(),
    name_en: z.string(),
    status: z.enum(['open', 'maintenance']),
  })
  .meta({ id: 'Branch' });
export const profileReload = z
  .object({ object: z.literal('profile_reload'), partners: z.int(), operators: z.int() })
  .meta({ id: 'ProfileReload' });
export const keyEndingBody = z.strictObject({
  key_id: z.string().min(1).max(64),
  reason: z.string().trim().min(1).max(200),
});
export const keyEnding = z
  .object({ object: z.literal('partner_key_ending'), key_id: z.string(), ended_at: z.iso.datetime() })
  .meta({ id: 'PartnerKeyEnding' });

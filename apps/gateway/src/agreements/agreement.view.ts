import { toJson } from '@yidian/money';
import { maskAccount } from '@yidian/security';
import type { AgreementView, LinkedNumberView } from './agreement.schema';
import type { AgreementRow, LinkedRow } from './agreements.store';

export function agreementView(row: AgreementRow, livemode: boolean): AgreementView {
  return {
    id: row.id,
    object: 'agreement',
    reference: row.reference === '' ? null : row.reference,
    state: row.state,
    number: row.msisdn_masked,
    provider: row.provider,
    account: accountOf(row),
    limits: {
      payment: toJson(row.limit_payment),
      day: toJson(row.limit_day),
      month: toJson(row.limit_month),
      currency: 'CNY',
    },
    verified: row.verified,
    signed_by: row.signed_by,
    cooling: coolingOf(row),
    unsigned: row.state !== 'ended' || row.unsign === 'none' ? null : row.unsign === 'done' ? 'done' : 'asking',
    next_action: row.next_action ? (JSON.parse(row.next_action) as AgreementView['next_action']) : null,
    created_at: row.created_at.toISOString(),
    livemode,
  };
}

export function coolingOf({ cooling_until: until, cooling_limit: limit }: AgreementRow): AgreementView['cooling'] {
  if (until === null || limit === null || until <= new Date()) return null;
  return { amount: toJson(limit), currency: 'CNY', until: until.toISOString() };
}

/** `甲银行 ··8812` once signed. */
export const accountOf = (row: AgreementRow): string | null =>
  row.account_tail === null ? null : maskAccount(row.account_tail, row.bank_name);

export function linkedNumberView(row: LinkedRow, livemode: boolean): LinkedNumberView {
  return {
    id: row.id,
    object: 'linked_number',
    state: row.state,
    agreement: row.agreement_id,
    number: row.msisdn_masked,
    nickname: row.nickname,
    limits: { month: toJson(row.limit_month), currency: 'CNY' },
    consent: { sent_at: row.sent_at.toISOString(), expires_at: row.expires_at.toISOString() },
    created_at: row.created_at.toISOString(),
    livemode,
  };
}

import type { DeclineReason } from '../contract/answers';

/** External status reason codes of ISO 20022 → our reasons; what is not listed is a refusal for another reason. */
const REASONS: Readonly<Record<DeclineReason, string>> = {
  insufficient_funds: 'AM04 AM10 AM23',
  limit: 'AM02 AM13 AM14 AM21 AM22',
  account_closed: 'AC01 AC02 AC03 AC04 AC05 AC06 AC07 AC13 AC14 AG01 AG02 BE06 MD07',
  agreement_ended: 'MD01 MD02 MD09 MD16 MD17 MD20 MD21 SL14',
  card_expired: '',
  authentication_failed: 'DS02 DS0A DS0D DS0H DS10 DS11 DS27 BE01',
  payer_cancelled: 'CUST MD06 MS02 SL13',
  risk_refused: 'FR01 FRAD RR01 RR02 RR03 RR04 SL01 SL11 SL12 LEGL',
  other: '',
};

const BY_CODE = new Map(
  Object.entries(REASONS).flatMap(([reason, codes]) =>
    codes.split(' ').map((code): [string, DeclineReason] => [code, reason as DeclineReason]),
  ),
);

export function reasonOfCode(code: string): DeclineReason {
  return (code === '' ? undefined : BY_CODE.get(code)) ?? 'other';
}

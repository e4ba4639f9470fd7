import { toJson } from '@yidian/money';
import {
  declined,
  type AccountCheck,
  type AccountCheckRequest,
  type AgreementAnswer,
  type AgreementRef,
  type AgreementRequest,
  type AgreementStart,
  type Verified,
} from '../contract';
import type { z } from 'zod';
import type { Link } from './link';
import { accountChecked, agreementAnswer, agreementStarted, parse } from './words';

/** Asks for the bank's own signing page: card number and PIN never pass here. */
export async function startAgreement(
  link: Link,
  request: AgreementRequest,
  signal: AbortSignal,
): Promise<AgreementStart> {
  const { payment, day, month, currency } = request.limits;
  const { status, body } = await link.post(
    '/v1/agreements',
    {
      agreement_no: request.agreementNo,
      number_masked: request.numberMasked,
      blind: request.blind,
      return_url: request.returnUrl,
      limits: { payment: toJson(payment), day: toJson(day), month: toJson(month), currency },
    },
    signal,
  );
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(agreementStarted, body);
  if (word.agreement_no !== request.agreementNo) return { outcome: 'unknown', cause: 'another agreement was answered' };
  return { outcome: 'started', signUrl: word.sign_url, expiresAt: new Date(word.expires_at) };
}

/** The bank compares what the payer said of himself, and sends a code to the telephone that it knows. */
export async function checkAccount(
  link: Link,
  request: AccountCheckRequest,
  signal: AbortSignal,
): Promise<AccountCheck> {
  const { payment, day, month, currency } = request.limits;
  const { status, body } = await link.post(
    '/v1/agreements/checks',
    {
      agreement_no: request.agreementNo,
      number_masked: request.numberMasked,
      blind: request.blind,
      account: request.account,
      holder: request.holder,
      id_number: request.idNumber,
      phone: request.phone,
      limits: { payment: toJson(payment), day: toJson(day), month: toJson(month), currency },
    },
    signal,
  );
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  const word = parse(accountChecked, body);
  if (word.agreement_no !== request.agreementNo) return { outcome: 'unknown', cause: 'another agreement was answered' };
  if (word.status === 'code_sent' && word.expires_at)
    return { outcome: 'code_sent', expiresAt: new Date(word.expires_at) };
  if (word.status === 'declined') return { outcome: 'declined', reason: declined(word.reason, '').reason };
  return { outcome: 'unknown', cause: 'a status nobody listed' };
}

export async function confirmAccount(
  link: Link,
  { agreementNo }: AgreementRef,
  code: string,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const { status, body } = await link.post('/v1/agreements/confirm', { agreement_no: agreementNo, code }, signal);
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  return agreementOutcome(parse(agreementAnswer, body), agreementNo);
}

export function queryAgreement(link: Link, agreement: AgreementRef, signal: AbortSignal): Promise<AgreementAnswer> {
  return ask(link, '/v1/agreements/query', agreement, signal);
}

/** Ended already is ended: it may be asked again. */
export function endAgreement(link: Link, agreement: AgreementRef, signal: AbortSignal): Promise<AgreementAnswer> {
  return ask(link, '/v1/agreements/end', agreement, signal);
}

async function ask(
  link: Link,
  path: string,
  { agreementNo }: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const { status, body } = await link.post(path, { agreement_no: agreementNo }, signal);
  if (status !== 200) return { outcome: 'unknown', cause: `HTTP ${status}` };
  return agreementOutcome(parse(agreementAnswer, body), agreementNo);
}

const VERIFIED: readonly Verified[] = ['bank', 'three_elements', 'four_elements'];

export function agreementOutcome(word: z.output<typeof agreementAnswer>, asked: string): AgreementAnswer {
  if (word.agreement_no !== asked) return { outcome: 'unknown', cause: 'another agreement was answered' };
  const { status, agreement_ref, account_tail, bank_name } = word;
  if (status === 'active' && agreement_ref && account_tail) {
    const verified = VERIFIED.find((level) => level === word.verified);
    const account = { agreementRef: agreement_ref, accountTail: account_tail, bankName: bank_name ?? '' };
    return { outcome: 'active', ...account, ...(verified ? { verified } : {}) };
  }
  if (status === 'pending' || status === 'ended') return { outcome: status };
  return { outcome: 'unknown', cause: 'a status nobody listed' };
}

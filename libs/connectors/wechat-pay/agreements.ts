import { createHash } from 'node:crypto';
import type { AgreementAnswer, AgreementRef, AgreementRequest, AgreementStart } from '../contract';
import type { Link } from './link';
import { required, type Merchant } from './merchant';
import { isNotFound, refusedPage } from './refusals';
import { contractWord, errorOf, parse, redirectUrl, type ContractWord } from './words';

export interface AgreementPlace {
  link: Link;
  merchant: Merchant;
  notifyUrl: string;
  planId: number;
  now: () => Date;
}

/** The signing page of the deduction service stays open for this long. */
const PAGE_SECONDS = 600;

export const BANK_NAME = '微信支付';

export async function startAgreement(
  place: AgreementPlace,
  request: AgreementRequest,
  signal: AbortSignal,
): Promise<AgreementStart> {
  const { link, merchant, notifyUrl, planId, now } = place;
  const answer = await link.post(
    '/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/h5',
    {
      appid: required(merchant.appid, 'appid'),
      plan_id: planId,
      out_contract_code: request.agreementNo,
      contract_display_account: request.numberMasked,
      contract_notify_url: notifyUrl,
      // At most 32 characters there: a digest of what is meaningless already.
      out_user_code: createHash('sha256').update(request.blind).digest('hex').slice(0, 32),
    },
    signal,
  );
  if (answer.status !== 200) return refusedPage(answer);
  const expiresAt = new Date(now().getTime() + PAGE_SECONDS * 1_000);
  return { outcome: 'started', signUrl: parse(redirectUrl, answer.body).redirect_url, expiresAt };
}

/** A contract exists once it is signed: until then "not there" means that the payer may still sign. */
export async function queryAgreement(
  { link, planId }: AgreementPlace,
  { agreementNo }: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const answer = await link.get(contractPath(planId, agreementNo), signal);
  if (isNotFound(answer)) return { outcome: 'pending' };
  if (answer.status !== 200)
    return { outcome: 'unknown', cause: `HTTP ${answer.status} ${errorOf(answer.body).code}`.trim() };
  return contractOutcome(parse(contractWord, answer.body), agreementNo);
}

/** Whatever the ending answers, the contract itself says whether it has ended. */
export async function endAgreement(
  place: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const path = `${contractPath(place.planId, agreement.agreementNo)}/terminate`;
  const answer = await place.link.post(path, { contract_termination_remark: '用户解约' }, signal);
  if (answer.status === 200) return contractOutcome(parse(contractWord, answer.body), agreement.agreementNo);
  if (answer.status >= 500) return { outcome: 'unknown', cause: `HTTP ${answer.status}` };
  return queryAgreement(place, agreement, signal);
}

export function contractOutcome(word: ContractWord, asked: string): AgreementAnswer {
  if (word.out_contract_code !== asked) return { outcome: 'unknown', cause: 'another agreement was answered' };
  switch (word.contract_state) {
    case 'SIGNED':
      if (!word.contract_id) return { outcome: 'unknown', cause: 'a signed agreement without its number' };
      return {
        outcome: 'active',
        agreementRef: word.contract_id,
        accountTail: /\d{4}$/.exec(word.contract_display_account ?? '')?.[0] ?? '',
        bankName: BANK_NAME,
      };
    case 'TERMINATED':
    case 'SIGN_FAILED':
      return { outcome: 'ended' };
    case 'TO_BE_RENEWED':
      return { outcome: 'unknown', cause: 'to be renewed by the payer' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

const contractPath = (planId: number, agreementNo: string): string =>
  `/v3/papay/sign/contracts/plan-id/${planId}/out-contract-code/${encodeURIComponent(agreementNo)}`;

import type { AgreementAnswer, AgreementRef, AgreementRequest, AgreementStart } from '../contract';
import type { AlipayAnswer, Link } from './link';
import { DONE, notKnown } from './refusals';
import type { AlipaySettings } from './settings';
import { said, type Word } from './words';

export interface AgreementPlace {
  link: Link;
  notifyUrl: string;
  kind: AlipaySettings['agreement'];
  now: () => Date;
}

/** A signed address is taken for about this long. */
const PAGE_SECONDS = 900;

export const ACCOUNT_NAME = '支付宝';

/** Only signed here: the payer's browser opens Alipay's own signing page with it. */
export function startAgreement(place: AgreementPlace, request: AgreementRequest): AgreementStart {
  const { link, notifyUrl, kind, now } = place;
  const biz = {
    personal_product_code: kind.personalProductCode,
    product_code: kind.productCode,
    sign_scene: kind.signScene,
    access_params: { channel: kind.channel },
    external_agreement_no: request.agreementNo,
    external_logon_id: request.numberMasked,
  };
  const call = { method: 'alipay.user.agreement.page.sign', biz, notifyUrl, returnUrl: request.returnUrl };
  const expiresAt = new Date(now().getTime() + PAGE_SECONDS * 1_000);
  return { outcome: 'started', signUrl: link.addressOf(call), expiresAt };
}

/** An agreement exists once it is signed: until then "not there" means that the payer may still sign. */
export async function queryAgreement(
  place: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const call = { method: 'alipay.user.agreement.query', biz: named(place, agreement) };
  const answer = await place.link.call(call, signal);
  if (isNoAgreement(answer)) return { outcome: agreement.agreementRef === '' ? 'pending' : 'ended' };
  return answer.code === DONE ? agreementOutcome(answer.word, agreement.agreementNo) : notKnown(answer);
}

/** Ended already is ended: it may be asked again. */
export async function endAgreement(
  place: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const { link, notifyUrl } = place;
  const call = { method: 'alipay.user.agreement.unsign', biz: named(place, agreement), notifyUrl };
  const answer = await link.call(call, signal);
  return answer.code === DONE || isNoAgreement(answer) ? { outcome: 'ended' } : notKnown(answer);
}

/** Alipay's own number says which one alone; ours says it together with what it was signed to. */
function named({ kind }: AgreementPlace, { agreementNo, agreementRef }: AgreementRef): object {
  if (agreementRef !== '') return { agreement_no: agreementRef };
  return {
    external_agreement_no: agreementNo,
    personal_product_code: kind.personalProductCode,
    sign_scene: kind.signScene,
  };
}

/** `STOP` is an agreement under which nothing can be taken any more, and that only the payer could wake. */
export function agreementOutcome(word: Word, asked: string): AgreementAnswer {
  if (said(word, 'external_agreement_no') !== asked)
    return { outcome: 'unknown', cause: 'another agreement was answered' };
  switch (said(word, 'status')) {
    case 'NORMAL':
      return active(word);
    case 'TEMP':
      return { outcome: 'pending' };
    case 'STOP':
    case 'UNSIGN':
      return { outcome: 'ended' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

function active(word: Word): AgreementAnswer {
  const agreementRef = said(word, 'agreement_no');
  if (agreementRef === '') return { outcome: 'unknown', cause: 'a signed agreement without its number' };
  const accountTail = /\d{4}$/.exec(said(word, 'alipay_logon_id'))?.[0] ?? '';
  return { outcome: 'active', agreementRef, accountTail, bankName: ACCOUNT_NAME };
}

const isNoAgreement = ({ code, subCode }: AlipayAnswer): boolean =>
  code === '40004' && /(^|[._])AGREEMENT_(NOT_EXIST|HAS_UNSIGNED|INVALID)$/i.test(subCode);

import type { AgreementAnswer, AgreementRef, AgreementRequest, AgreementStart } from '../contract';
import { isDone, NOT_FOUND } from './codes';
import type { DebitPlace } from './debits';
import type { Fields } from './fields';
import { formOf, signedRequest } from './merchant';
import { txnTime } from './times';

export interface AgreementPlace extends DebitPlace {
  now: () => Date;
}

/** UnionPay's signing page stays open for this long. */
const PAGE_SECONDS = 900;
/** Letters and digits, 8 to 40 of them: how UnionPay wants order numbers. */
const orderIdOf = (agreementNo: string): string =>
  agreementNo
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 40)
    .padStart(8, '0');

/** 72: the payer proves the card at UnionPay's page; `bindId` is our own number of the agreement, in every later call. */
export function startAgreement(place: AgreementPlace, request: AgreementRequest): AgreementStart {
  const { link, notifyUrl, accessType, product, now } = place;
  const fields = signedRequest(link.merchant, {
    txnType: '72',
    txnSubType: product.signSubType,
    bizType: product.bizType,
    channelType: '07',
    accessType,
    accType: '01',
    orderId: orderIdOf(request.agreementNo),
    txnTime: txnTime(now()),
    bindId: request.agreementNo,
    frontUrl: request.returnUrl,
    backUrl: notifyUrl,
  });
  const expiresAt = new Date(now().getTime() + PAGE_SECONDS * 1_000);
  return { outcome: 'started', signUrl: link.pageUrl('frontTransReq.do'), form: formOf(fields), expiresAt };
}

/** 78: whether the binding stands. Until it was signed once, "not open" means that the payer may still sign. */
export async function queryAgreement(
  place: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const answer = await ask(place, agreement, signal, {
    txnType: '78',
    txnSubType: place.product.querySubType,
    bizType: place.product.queryBizType,
  });
  const signedOnce = agreement.agreementRef !== '';
  const code = answer.get('respCode') ?? '';
  if (answer.get('bindId') !== bindIdOf(agreement))
    return { outcome: 'unknown', cause: 'another agreement was answered' };
  if (code === NOT_FOUND || code === BINDING_MISSING) return signedOnce ? { outcome: 'ended' } : { outcome: 'pending' };
  if (!isDone(code)) return { outcome: 'unknown', cause: `answer code ${code}` };
  switch (answer.get('activateStatus')) {
    case '1':
      return active(answer);
    case '0':
      return signedOnce ? { outcome: 'ended' } : { outcome: 'pending' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

const BINDING_MISSING = '40';

/** 74: whatever the ending answers, the binding itself says whether it has ended. */
export async function endAgreement(
  place: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
): Promise<AgreementAnswer> {
  const answer = await ask(place, agreement, signal, {
    txnType: '74',
    txnSubType: place.product.endSubType,
    bizType: place.product.bizType,
  });
  if (answer.get('bindId') === bindIdOf(agreement) && isDone(answer.get('respCode') ?? '')) return { outcome: 'ended' };
  return queryAgreement(place, { ...agreement, agreementRef: bindIdOf(agreement) }, signal);
}

const bindIdOf = ({ agreementNo, agreementRef }: AgreementRef): string => agreementRef || agreementNo;

function ask(
  { link, accessType, now }: AgreementPlace,
  agreement: AgreementRef,
  signal: AbortSignal,
  kind: Readonly<Record<string, string>>,
): Promise<Fields> {
  const asked = {
    ...kind,
    channelType: '07',
    accessType,
    orderId: orderIdOf(agreement.agreementNo),
    txnTime: txnTime(now()),
    bindId: bindIdOf(agreement),
  };
  return link.post('backTransReq.do', asked, signal);
}

/** A card number comes masked, or sealed for us: then nothing of it is shown. */
export function active(fields: Fields): AgreementAnswer {
  const bindId = fields.get('bindId') ?? '';
  if (bindId === '') return { outcome: 'unknown', cause: 'a signed agreement without its number' };
  const account = fields.get('accNo') ?? '';
  const accountTail = /^[\d*]{4,24}$/.test(account) ? (/\d{1,4}$/.exec(account)?.[0] ?? '') : '';
  return { outcome: 'active', agreementRef: bindId, accountTail, bankName: fields.get('issInsName') ?? '银联' };
}

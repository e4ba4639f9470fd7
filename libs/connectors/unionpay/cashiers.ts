import type { CashierAnswer, CashierRequest } from '../contract';
import { isDone, refusedPage } from './codes';
import { formOf, signedRequest } from './merchant';
import { identity, isAbout, note, sumOf, type OrderPlace } from './orders';
import type { Asked } from './link';
import { txnTime } from './times';

export interface CashierPlace extends OrderPlace {
  now: () => Date;
}

/** How the payer pays: at UnionPay's page, by a code, in the UnionPay app through the kit in ours. */
const WAYS = {
  redirect: { path: 'frontTransReq.do', txnSubType: '01', bizType: '000201', channelType: '07', gives: '' },
  qr: { path: 'backTransReq.do', txnSubType: '07', bizType: '000000', channelType: '08', gives: 'qrCode' },
  app: { path: 'appTransReq.do', txnSubType: '01', bizType: '000201', channelType: '08', gives: 'tn' },
} as const;

export async function openCashier(
  place: CashierPlace,
  request: CashierRequest,
  signal: AbortSignal,
): Promise<CashierAnswer> {
  const way = WAYS[request.presentation];
  const expiresAt = new Date(place.now().getTime() + request.expiresInSeconds * 1_000);
  const asked = order(place, request, expiresAt);
  if (request.presentation === 'redirect') {
    const form = formOf(signedRequest(place.link.merchant, asked));
    return { outcome: 'opened', payUrl: place.link.pageUrl(way.path), form, expiresAt };
  }
  const answer = await place.link.post(way.path, asked, signal);
  if (!isAbout(answer, request)) return { outcome: 'unknown', cause: 'another order was answered' };
  const code = answer.get('respCode') ?? '';
  if (!isDone(code)) return refusedPage(code);
  const given = answer.get(way.gives) ?? '';
  if (given === '') return { outcome: 'unknown', cause: `an answer without ${way.gives}` };
  if (request.presentation === 'qr') return { outcome: 'opened', payUrl: given, expiresAt };
  return { outcome: 'opened', payUrl: '', app: { tn: given }, expiresAt };
}

/** After `payTimeout` UnionPay takes no payment for the order: it has no closing of its own. */
function order({ notifyUrl, accessType }: CashierPlace, request: CashierRequest, expiresAt: Date): Asked {
  const { txnSubType, bizType, channelType } = WAYS[request.presentation];
  return {
    txnType: '01',
    txnSubType,
    bizType,
    channelType,
    accessType,
    ...identity(request),
    ...sumOf(request),
    orderDesc: note(request.orderNote),
    payTimeout: txnTime(expiresAt),
    frontUrl: request.presentation === 'redirect' ? request.returnUrl : '',
    backUrl: notifyUrl,
  };
}

import type { DebitRequest, Outcome, Taken } from '../contract';
import { accepted, identity, note, sumOf, type OrderPlace } from './orders';
import type { UnionPaySettings } from './settings';

export interface DebitPlace extends OrderPlace {
  product: UnionPaySettings['agreement'];
}

/** 11: collection under a signed agreement (代收), which is named by its binding. Accepted is not taken. */
export async function debit(place: DebitPlace, request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>> {
  const { link, notifyUrl, accessType, product } = place;
  const answer = await link.post(
    'backTransReq.do',
    {
      txnType: '11',
      txnSubType: product.debitSubType,
      bizType: product.bizType,
      channelType: '07',
      accessType,
      ...identity(request),
      ...sumOf(request),
      bindId: request.agreementRef,
      orderDesc: note(request.orderNote),
      backUrl: notifyUrl,
    },
    signal,
  );
  return accepted(answer, request, true);
}

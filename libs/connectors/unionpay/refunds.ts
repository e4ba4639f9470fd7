import { NotSent, type OrderRef, type Outcome, type RefundRequest, type Returned } from '../contract';
import { accepted, identity, queryOrder, sumOf, type OrderPlace } from './orders';

export interface RefundPlace extends OrderPlace {
  refundBizType: string;
}

/**
 * 04 gives money back, in parts and for months; 31 undoes a whole order of the same accounting day. Both are orders of
 * their own, under our number: sent again, UnionPay calls it a duplicate and does it once.
 */
export async function refund(
  place: RefundPlace,
  request: RefundRequest,
  signal: AbortSignal,
): Promise<Outcome<Returned>> {
  const { link, notifyUrl, accessType, refundBizType } = place;
  const origQryId = await numberOf(place, request.original, signal);
  const answer = await link.post(
    'backTransReq.do',
    {
      txnType: request.kind === 'refund' ? '04' : '31',
      txnSubType: '00',
      bizType: refundBizType,
      channelType: '07',
      accessType,
      ...identity(request),
      ...sumOf(request),
      origQryId,
      backUrl: notifyUrl,
    },
    signal,
  );
  const original = answer.get('origQryId');
  if (original !== undefined && original !== origQryId)
    return { outcome: 'unknown', cause: 'a refund of another order was answered' };
  return accepted(answer, request, false);
}

/** UnionPay's number of the order, asked for when nobody has heard it yet. */
async function numberOf(place: RefundPlace, original: OrderRef, signal: AbortSignal): Promise<string> {
  if (original.providerTxnId !== '') return original.providerTxnId;
  const known = await queryOrder(place, original, signal);
  if (known.outcome === 'succeeded') return known.providerTxnId;
  throw new NotSent(`the order is not known to be paid: ${known.outcome}`);
}

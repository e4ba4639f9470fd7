import { formatMajor } from '@yidian/money';
import type { DebitRequest, Outcome, Taken } from '../contract';
import type { Link } from './link';
import { taken } from './orders';
import { DONE, refusal } from './refusals';
import { subjectOf } from './subject';
import { said } from './words';

export interface DebitPlace {
  link: Link;
  notifyUrl: string;
  productCode: string;
}

/**
 * Takes money under a signed agreement. A success without the time of payment is only an order that was accepted: what
 * became of it is told by notification or by asking.
 */
export async function debit(place: DebitPlace, request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>> {
  const { link, notifyUrl, productCode } = place;
  const biz = {
    out_trade_no: request.orderNo,
    total_amount: formatMajor(request.amount),
    subject: subjectOf(request.orderNote),
    product_code: productCode,
    agreement_params: { agreement_no: request.agreementRef },
  };
  const answer = await link.call({ method: 'alipay.trade.pay', biz, notifyUrl }, signal);
  if (answer.code !== DONE) return refusal(answer);
  const { word } = answer;
  if (said(word, 'out_trade_no') !== request.orderNo)
    return { outcome: 'unknown', cause: 'another order was answered' };
  return said(word, 'gmt_payment') === '' ? { outcome: 'pending' } : taken(word);
}

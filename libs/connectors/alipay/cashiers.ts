import { formatMajor } from '@yidian/money';
import type { CashierAnswer, CashierRequest } from '../contract';
import type { Link } from './link';
import type { Call } from './merchant';
import { DONE, refusedPage } from './refusals';
import { subjectOf } from './subject';
import { beijingTime, said } from './words';

export interface CashierPlace {
  link: Link;
  notifyUrl: string;
  redirectTo: 'page' | 'wap';
  now: () => Date;
}

const REDIRECTS = {
  page: { method: 'alipay.trade.page.pay', productCode: 'FAST_INSTANT_TRADE_PAY' },
  wap: { method: 'alipay.trade.wap.pay', productCode: 'QUICK_WAP_WAY' },
} as const;

/**
 * Page and app are only signed here: the payer's browser or app takes the order to Alipay, which learns of it then. A code is
 * asked for.
 */
export async function openCashier(
  place: CashierPlace,
  request: CashierRequest,
  signal: AbortSignal,
): Promise<CashierAnswer> {
  const expiresAt = new Date(place.now().getTime() + request.expiresInSeconds * 1_000);
  switch (request.presentation) {
    case 'redirect': {
      const { method, productCode } = REDIRECTS[place.redirectTo];
      const call = { ...order(place, request, expiresAt, method, productCode), returnUrl: request.returnUrl };
      return { outcome: 'opened', payUrl: place.link.addressOf(call), expiresAt };
    }
    case 'app': {
      const call = order(place, request, expiresAt, 'alipay.trade.app.pay', 'QUICK_MSECURITY_PAY');
      return { outcome: 'opened', payUrl: '', app: { orderString: place.link.signed(call) }, expiresAt };
    }
    case 'qr':
      return code(place, request, expiresAt, signal);
  }
}

async function code(
  place: CashierPlace,
  request: CashierRequest,
  expiresAt: Date,
  signal: AbortSignal,
): Promise<CashierAnswer> {
  const call = order(place, request, expiresAt, 'alipay.trade.precreate', 'FACE_TO_FACE_PAYMENT');
  const answer = await place.link.call(call, signal);
  if (answer.code !== DONE) return refusedPage(answer);
  const { word } = answer;
  if (said(word, 'out_trade_no') !== request.orderNo)
    return { outcome: 'unknown', cause: 'another order was answered' };
  const payUrl = said(word, 'qr_code');
  return payUrl === ''
    ? { outcome: 'unknown', cause: 'no code in the answer' }
    : { outcome: 'opened', payUrl, expiresAt };
}

function order(
  { notifyUrl }: CashierPlace,
  request: CashierRequest,
  expiresAt: Date,
  method: string,
  productCode: string,
): Call {
  const biz = {
    out_trade_no: request.orderNo,
    total_amount: formatMajor(request.amount),
    subject: subjectOf(request.orderNote),
    product_code: productCode,
    time_expire: beijingTime(expiresAt),
  };
  return { method, biz, notifyUrl };
}

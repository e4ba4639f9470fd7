import type { CashierAnswer, CashierRequest } from '../contract';
import { appParameters, jsapiParameters } from './app-parameters';
import type { Link } from './link';
import { required, type Merchant } from './merchant';
import { fen } from './orders';
import { refusedPage } from './refusals';
import { beijingTime, codeUrl, h5Url, parse, prepayId } from './words';

export interface CashierPlace {
  link: Link;
  merchant: Merchant;
  notifyUrl: string;
  h5ClientIp: string;
  now: () => Date;
}

/** Pages open for this long whatever the order says. */
const H5_SECONDS = 300;

type Kind = 'native' | 'h5' | 'app' | 'jsapi';
/** With the payer's openid `app` is paid inside WeChat. */
const kindOf = ({ presentation, payerOpenid }: CashierRequest): Kind => {
  if (presentation === 'qr') return 'native';
  if (presentation === 'redirect') return 'h5';
  return payerOpenid === undefined ? 'app' : 'jsapi';
};

/** Native: a code · H5: a page that leads into WeChat · app and JSAPI: parameters for WeChat's kit. */
export async function openCashier(
  place: CashierPlace,
  request: CashierRequest,
  signal: AbortSignal,
): Promise<CashierAnswer> {
  const kind = kindOf(request);
  const expiresAt = new Date(place.now().getTime() + request.expiresInSeconds * 1_000);
  const answer = await place.link.post(
    `/v3/pay/transactions/${kind}`,
    { ...order(place, request, expiresAt), ...scene(place, request, kind) },
    signal,
  );
  if (answer.status !== 200) return refusedPage(answer);
  return opened(place, request, kind, answer.body, expiresAt);
}

function order({ merchant, notifyUrl }: CashierPlace, request: CashierRequest, expiresAt: Date): object {
  return {
    appid: required(merchant.appid, 'appid'),
    mchid: merchant.mchid,
    description: [...request.orderNote].slice(0, 127).join(''),
    out_trade_no: request.orderNo,
    time_expire: beijingTime(expiresAt),
    notify_url: notifyUrl,
    amount: fen(request.amount, request.currency),
  };
}

function scene({ h5ClientIp }: CashierPlace, { payerIp, payerOpenid }: CashierRequest, kind: Kind): object {
  if (kind === 'jsapi') return { payer: { openid: payerOpenid } };
  if (kind !== 'h5') return {};
  return { scene_info: { payer_client_ip: payerIp ?? h5ClientIp, h5_info: { type: 'Wap' } } };
}

function opened(
  { merchant, now }: CashierPlace,
  request: CashierRequest,
  kind: Kind,
  body: Buffer,
  expiresAt: Date,
): CashierAnswer {
  switch (kind) {
    case 'native':
      return { outcome: 'opened', payUrl: parse(codeUrl, body).code_url, expiresAt };
    case 'h5': {
      const page = new URL(parse(h5Url, body).h5_url);
      if (request.returnUrl !== '') page.searchParams.set('redirect_url', request.returnUrl);
      const closes = Math.min(expiresAt.getTime(), now().getTime() + H5_SECONDS * 1_000);
      return { outcome: 'opened', payUrl: page.href, expiresAt: new Date(closes) };
    }
    case 'app': {
      const app = appParameters(merchant, parse(prepayId, body).prepay_id, now());
      return { outcome: 'opened', payUrl: '', app, expiresAt };
    }
    case 'jsapi': {
      const app = jsapiParameters(merchant, parse(prepayId, body).prepay_id, now());
      return { outcome: 'opened', payUrl: '', app, expiresAt };
    }
  }
}

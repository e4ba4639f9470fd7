import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { Merchant } from './merchant';

/** What WeChat's kit in our app is called with: `sendPayReq`. */
export function appParameters(merchant: Merchant, prepayId: string, now: Date): Record<string, string> {
  const { timestamp, nonce } = stamp(now);
  return {
    appid: merchant.appid,
    partnerid: merchant.mchid,
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
    sign: Rsa.sign(Formatter.joinedByLineFeed(merchant.appid, timestamp, nonce, prepayId), merchant.key),
  };
}

/** The same inside WeChat: `getBrandWCPayRequest`, `wx.requestPayment`. */
export function jsapiParameters(merchant: Merchant, prepayId: string, now: Date): Record<string, string> {
  const { timestamp, nonce } = stamp(now);
  const prepay = `prepay_id=${prepayId}`;
  return {
    appId: merchant.appid,
    timeStamp: timestamp,
    nonceStr: nonce,
    package: prepay,
    signType: 'RSA',
    paySign: Rsa.sign(Formatter.joinedByLineFeed(merchant.appid, timestamp, nonce, prepay), merchant.key),
  };
}

const stamp = (now: Date) => ({ timestamp: String(Math.floor(now.getTime() / 1_000)), nonce: Formatter.nonce() });

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import { NotSent } from '../contract';
import type { WechatPaySettings } from './settings';

/** Who we are at WeChat Pay, and our signature. */
export interface Merchant {
  mchid: string;
  appid: string;
  serial: string;
  key: KeyObject;
}

/**
 * @returns null when the settings only verify notifications
 * @throws Error naming the setting that is missing or does not fit
 */
export function merchantOf(settings: WechatPaySettings): Merchant | null {
  const { mchid, appid, merchantSerial, merchantPrivateKeyPem, apiV3Key } = settings;
  if (merchantPrivateKeyPem === undefined) return null;
  if (mchid === undefined) throw new Error('mchid is missing');
  if (merchantSerial === undefined) throw new Error('merchantSerial is missing');
  if (apiV3Key === undefined) throw new Error('apiV3Key is missing');
  const key = createPrivateKey(merchantPrivateKeyPem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('merchantPrivateKeyPem is no RSA key');
  return { mchid, appid: appid ?? '', serial: merchantSerial, key };
}

/** @throws NotSent when the settings only verify notifications: nothing can have left */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined || value === '') throw new NotSent(`WeChat Pay is set up without ${what}`);
  return value;
}

/** @param path path and query, as the request names them */
export function authorization(merchant: Merchant, method: string, path: string, body: string, now: Date): string {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const nonce = Formatter.nonce();
  const signature = Rsa.sign(Formatter.request(method, path, timestamp, nonce, body), merchant.key);
  return Formatter.authorization(merchant.mchid, nonce, signature, timestamp, merchant.serial);
}

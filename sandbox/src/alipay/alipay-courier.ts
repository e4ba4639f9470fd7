import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { notification, type Fields } from '@yidian/connectors/alipay/wire';
import { beijingTime } from '@yidian/connectors/alipay/words';
import type { NdjsonLog } from '../journal/ndjson-log';
import { Deliveries, posted, type Notice as AnyNotice, type NoticeEvent } from '../wire/deliveries';
import type { PlatformAddress } from '../wire/signed-client';
import type { AlipayKeysFile } from './alipay-keys';

/** `id` is its `notify_id`. */
export interface Notice extends AnyNotice {
  fields: Fields;
  /** '' where nobody asked to be told. */
  url: string;
  /** Services sign their type too; orders do not. */
  keepsSignType: boolean;
}
export type AlipayCourier = Deliveries<Notice>;

/** Tells until `success` is answered; a forged notice names Alipay's certificate and is signed by another key. */
export function alipayCourier(
  log: NdjsonLog<NoticeEvent<Notice>>,
  platform: PlatformAddress,
  keys: AlipayKeysFile,
): AlipayCourier {
  return new Deliveries<Notice>(log, async (notice, forged) => {
    if (notice.url === '') return true;
    const key = forged ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : keys.signer.key;
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const answer = await posted(platform, notice.url, { headers, body: bodyOf(notice, keys, key) });
    return answer?.status === 200 && answer.text === 'success';
  });
}

function bodyOf({ id, fields, keepsSignType }: Notice, keys: AlipayKeysFile, key: KeyObject): Buffer {
  const { app, sellerId, signer } = keys;
  const common = { app_id: app.appId, auth_app_id: app.appId, seller_id: sellerId, charset: 'utf-8', version: '1.0' };
  const told = { notify_id: id, notify_time: beijingTime(new Date()), alipay_cert_sn: signer.certSn };
  return notification({ ...common, ...told, ...fields }, key, { keepsSignType });
}

import { generateKeyPairSync } from 'node:crypto';
import { noticeBody, platformFields, type WireFields } from '@yidian/connectors/unionpay/wire';
import type { NdjsonLog } from '../journal/ndjson-log';
import { Deliveries, posted, type Notice as AnyNotice, type NoticeEvent } from '../wire/deliveries';
import type { PlatformAddress } from '../wire/signed-client';
import type { UnionPayKeys } from './unionpay-keys';

export interface Notice extends AnyNotice {
  fields: WireFields;
  /** '' where nobody asked to be told. */
  url: string;
}
export type UnionPayCourier = Deliveries<Notice>;

/** Tells until it is answered with 200; a forged notice brings UnionPay's certificate and is signed by another key. */
export function unionPayCourier(
  log: NdjsonLog<NoticeEvent<Notice>>,
  platform: PlatformAddress,
  keys: UnionPayKeys,
): UnionPayCourier {
  return new Deliveries<Notice>(log, async ({ fields, url }, forged) => {
    if (url === '') return true;
    const stranger = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const body = noticeBody(platformFields(fields, forged ? { ...keys.signer, key: stranger() } : keys.signer));
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    return (await posted(platform, url, { headers, body }))?.status === 200;
  });
}

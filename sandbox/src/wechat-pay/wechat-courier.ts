import { generateKeyPairSync } from 'node:crypto';
import { notification, signedHeaders } from '@yidian/connectors/wechat-pay/wire';
import type { NdjsonLog } from '../journal/ndjson-log';
import { Deliveries, posted, type Notice as AnyNotice, type NoticeEvent } from '../wire/deliveries';
import type { PlatformAddress } from '../wire/signed-client';
import type { WechatKeys } from './wechat-keys';

export interface Notice extends AnyNotice {
  type: string;
  resource: object;
  /** `transaction`, `refund`, `contract` */
  kind: string;
  url: string;
}
export type WechatCourier = Deliveries<Notice>;

/** Sealed and signed anew each time; a forged notice comes under the right serial and is signed by another key. */
export function wechatCourier(
  log: NdjsonLog<NoticeEvent<Notice>>,
  platform: PlatformAddress,
  keys: WechatKeys,
): WechatCourier {
  return new Deliveries<Notice>(log, async (notice, forged) => {
    const stranger = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const body = notification(notice, keys.apiV3Key);
    const signed = signedHeaders(body, forged ? { ...keys.signer, key: stranger() } : keys.signer);
    const answer = await posted(platform, notice.url, {
      headers: { 'content-type': 'application/json', ...signed },
      body,
    });
    return answer?.status === 200 || answer?.status === 204;
  });
}

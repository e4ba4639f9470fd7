import { eventBody, signatureHeader, type Json } from '@yidian/connectors/stripe/wire';
import type { NdjsonLog } from '../journal/ndjson-log';
import { Deliveries, posted, type Notice as AnyNotice, type NoticeEvent } from '../wire/deliveries';
import type { PlatformAddress } from '../wire/signed-client';
import type { StripeKeys } from './stripe-keys';

export interface Notice extends AnyNotice {
  type: string;
  object: Json;
  created: number;
}
export type StripeCourier = Deliveries<Notice>;

/** Brings events to the endpoint's path; a forged one is signed with a secret that is not the endpoint's. */
export function stripeCourier(
  log: NdjsonLog<NoticeEvent<Notice>>,
  platform: PlatformAddress,
  path: string,
  keys: StripeKeys,
): StripeCourier {
  return new Deliveries<Notice>(log, async ({ id, type, object, created }, forged) => {
    const body = eventBody(id, type, object, created);
    const secrets = forged ? ['whsec_of_somebody_else'] : keys.webhookSecrets;
    const signature = signatureHeader(body, secrets, Math.floor(Date.now() / 1_000));
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
    const { status = 0 } = (await posted(platform, platform.url + path, { headers, body })) ?? {};
    return status >= 200 && status < 300;
  });
}

import { createVerify } from 'node:crypto';
import { Formatter } from 'wechatpay-axios-plugin';
import { canonicalBase64, type CallbackFault, type Verdict } from '../contract';
import { inTime, type PlatformKeys } from './platform-keys';

/**
 * Who signed a notification or an answer: `WECHATPAY2-SHA256-RSA2048` over timestamp, nonce and the very bytes of the body.
 * Fails closed: whatever is missing, twice, unknown, out of time or of another kind is not WeChat Pay's word.
 */
export const ALGORITHM = 'WECHATPAY2-SHA256-RSA2048';

/** Seconds; at this distance from our clock, in either direction, a message is refused. */
export const WINDOW_SECONDS = 300;

export type SignedHeaders = Readonly<Record<string, string | string[] | undefined>>;

export function verifySignature(headers: SignedHeaders, body: Buffer, keys: PlatformKeys, now: Date): Verdict {
  const read = new HeaderReader(headers);
  const timestamp = read.one('wechatpay-timestamp');
  const nonce = read.one('wechatpay-nonce');
  const signature = read.one('wechatpay-signature');
  const serial = read.one('wechatpay-serial');
  const type = read.one('wechatpay-signature-type');
  if (read.twice) return refused('parameter_twice', `${read.twice} is there twice`);
  if (type !== undefined && type !== ALGORITHM) return refused('algorithm_refused', 'another signature type');
  if (!timestamp || !nonce || !signature || !serial)
    return refused('signature_missing', 'a signature header is missing');
  if (!utf8Only(read.one('content-type'), body)) return refused('charset_refused', 'not UTF-8');
  if (!/^\d{1,12}$/.test(timestamp)) return refused('malformed', 'the timestamp is no number');
  const age = Math.abs(now.getTime() - Number.parseInt(timestamp, 10) * 1_000);
  if (age >= WINDOW_SECONDS * 1_000) return refused('stale', 'signed too long ago, or in the future');
  const key = keys.find(serial);
  if (!key) return refused('key_unknown', 'no platform key has this serial');
  if (!inTime(key, now)) return refused('certificate_untrusted', 'the certificate is out of its dates');
  const bytes = canonicalBase64(signature);
  if (!bytes) return refused('signature_invalid', 'the signature is no base64');
  const signed = createVerify('RSA-SHA256')
    .update(Formatter.joinedByLineFeed(timestamp, nonce))
    .update(body)
    .update('\n');
  return signed.verify(key.key, bytes)
    ? { verified: true }
    : refused('signature_invalid', 'the signature does not fit');
}

export const refused = (fault: CallbackFault, detail: string): Verdict => ({ verified: false, fault, detail });

/** Header names are compared without case; a header given twice arrives as a list, or joined by a comma. */
class HeaderReader {
  twice = '';
  private readonly values = new Map<string, string[]>();

  constructor(headers: SignedHeaders) {
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const known = this.values.get(name.toLowerCase()) ?? [];
      this.values.set(name.toLowerCase(), known.concat(value));
    }
  }

  one(name: string): string | undefined {
    const values = this.values.get(name);
    if (!values) return undefined;
    if (values.length !== 1 || (name.startsWith('wechatpay-') && values[0]?.includes(','))) this.twice ||= name;
    return values[0];
  }
}

function utf8Only(contentType: string | undefined, body: Buffer): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}

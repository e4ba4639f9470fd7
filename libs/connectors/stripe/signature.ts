import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallbackFault, RawCallback, Verdict } from '../contract';

/** Seconds between the signature's time and our clock, in either direction. */
export const TOLERANCE_S = 300;
/** More than any rotation of secrets ever signs with. */
const MOST_SIGNATURES = 16;

export const refused = (fault: CallbackFault, detail: string): Verdict => ({ verified: false, fault, detail });

interface Claim {
  timestamp: string;
  signatures: Buffer[];
}

/**
 * `Stripe-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 over `t + "." + body`, over the very bytes. Several `v1` stand there
 * while secrets change; other schemes prove nothing. The kit's own check decodes the body first and takes times from the
 * future, so the check is ours.
 */
export function verifySignature({ headers, body }: RawCallback, secrets: readonly string[], now: Date): Verdict {
  const claim = claimOf(headers);
  if ('verified' in claim) return claim;
  if (body.length === 0) return refused('malformed', 'the body is empty');
  if (!isUtf8(headers, body)) return refused('charset_refused', 'the body is not UTF-8');
  const signed = Buffer.concat([Buffer.from(`${claim.timestamp}.`), body]);
  if (!secrets.some((secret) => matches(claim.signatures, secret, signed)))
    return refused('signature_invalid', 'no v1 signature is of a secret we know');
  const age = Math.floor(now.getTime() / 1_000) - Number(claim.timestamp);
  if (Math.abs(age) > TOLERANCE_S) return refused('stale', `it was signed ${age} s from our clock`);
  return { verified: true };
}

/** Every secret against every signature, in constant time. */
function matches(signatures: readonly Buffer[], secret: string, signed: Buffer): boolean {
  const ours = createHmac('sha256', secret).update(signed).digest();
  return signatures.some((theirs) => theirs.length === ours.length && timingSafeEqual(theirs, ours));
}

function claimOf(headers: RawCallback['headers']): Claim | Verdict {
  const lines = linesOf(headers, 'stripe-signature');
  if (lines.length === 0) return refused('signature_missing', 'no Stripe-Signature');
  if (lines.length > 1) return refused('parameter_twice', 'more than one Stripe-Signature');
  const times: string[] = [];
  const signatures: Buffer[] = [];
  let others = 0;
  for (const item of (lines[0] ?? '').split(',')) {
    const [, name, value = ''] = /^\s*(\w{1,16})=(\S*)\s*$/.exec(item) ?? [];
    if (name === undefined) return refused('malformed', 'Stripe-Signature cannot be read');
    if (name === 't') times.push(value);
    else if (name === 'v1') signatures.push(Buffer.from(/^[0-9a-fA-F]{64}$/.test(value) ? value : '', 'hex'));
    else others++;
  }
  if (times.length > 1) return refused('parameter_twice', 'more than one time');
  if (signatures.length === 0)
    return others > 0
      ? refused('algorithm_refused', 'no signature of the scheme v1')
      : refused('signature_missing', 'no signature');
  const [timestamp = ''] = times;
  if (!/^\d{1,12}$/.test(timestamp)) return refused('malformed', 'no time of signing');
  if (signatures.length > MOST_SIGNATURES) return refused('malformed', 'too many signatures');
  return { timestamp, signatures };
}

function linesOf(headers: RawCallback['headers'], name: string): string[] {
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}

/** Stripe sends `application/json; charset=utf-8`; bytes of another charset would be read as something else. */
function isUtf8(headers: RawCallback['headers'], body: Buffer): boolean {
  const [type = ''] = linesOf(headers, 'content-type');
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}

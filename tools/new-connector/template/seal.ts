import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallbackFault } from '../../../libs/connectors/contract';

/** Seconds by which the provider's clock and ours may differ. */
const WINDOW_S = 300;

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** HMAC-SHA256 under the shared secret over `timestamp.body`, hexadecimal, beside the timestamp. */
export function seal(body: Buffer | string, secret: string, at: Date = new Date()): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { 'x-timestamp': timestamp, 'x-signature': signature(timestamp, body, secret) };
}

/** @returns what is wrong with it, or undefined when the other side has sealed these very bytes, lately */
export function faultOf(body: Buffer, headers: Headers, secret: string, now: Date): CallbackFault | undefined {
  const [timestamp, given] = [one(headers['x-timestamp']), one(headers['x-signature'])];
  if (timestamp === undefined || given === undefined) return 'signature_missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'malformed';
  const expected = Buffer.from(signature(timestamp, body, secret));
  const bytes = Buffer.from(given);
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return 'signature_invalid';
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S ? 'stale' : undefined;
}

function signature(timestamp: string, body: Buffer | string, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** A header given twice says two things, so it says nothing. */
const one = (value: Headers[string]): string | undefined => (typeof value === 'string' ? value : undefined);

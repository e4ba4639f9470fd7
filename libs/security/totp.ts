import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from './tokens';

/** RFC 6238 with what every authenticator app speaks: SHA-1, 30 s, six digits. */
const STEP = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function newTotpSecret(): string {
  return [...randomBytes(32)].map((byte) => BASE32.charAt(byte & 31)).join('');
}

/** @param secret base 32 @param at milliseconds */
export function totpCode(secret: string, at: number = Date.now(), digits = 6): string {
  return codeOfStep(secret, stepAt(at), digits);
}

export const stepAt = (at: number): number => Math.floor(at / 1000 / STEP);

/**
 * The step whose code this is (now, one before, one after), or null. The caller keeps the step and refuses it and
 * earlier ones from then on: a code is good once.
 */
export function totpStep(secret: string, code: string, at: number = Date.now()): number | null {
  const now = stepAt(at);
  return [now, now - 1, now + 1].find((step) => sameText(codeOfStep(secret, step, 6), code)) ?? null;
}

function codeOfStep(secret: string, step: number, digits: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** @throws Error when it is not base 32 */
export function decodeBase32(text: string): Buffer {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const letter of text.toUpperCase().replace(/[\s=]/g, '')) {
    const index = BASE32.indexOf(letter);
    if (index < 0) throw new Error('a TOTP secret is base 32');
    value = ((value << 5) | index) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

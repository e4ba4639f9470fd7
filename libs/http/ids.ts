import { randomBytes } from 'node:crypto';

/** Prefixes of public ids; the rest is opaque to everybody outside. */
export type IdPrefix = 'pay' | 'rfd' | 'rev' | 'agr' | 'lnk' | 'nq' | 'evt' | 'whe' | 'req' | 'ses';

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Milliseconds, then 80 random bits: index-friendly, unguessable, 26 characters after the prefix. */
export function newId(prefix: IdPrefix, at: number = Date.now()): string {
  const random = randomBytes(10);
  return `${prefix}_${base32(at, 10)}${base32(random.readUIntBE(0, 5), 8)}${base32(random.readUIntBE(5, 5), 8)}`;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return text;
}

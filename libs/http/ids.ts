import { publicRandomBytes } from '@yidian/security';

/** Prefixes of public ids; the rest is opaque to everybody outside. */
export type IdPrefix =
  | 'pay'
  | 'rfd'
  | 'rev'
  | 'agr'
  | 'lnk'
  | 'nq'
  | 'evt'
  | 'whe'
  | 'req'
  | 'ses'
  | 'mnt'
  | 'dbt'
  | 'dec'
  | 'ask'
  | 'blk'
  | 'imp'
  | 'aut'
  | 'occ'
  | 'rvw'
  | 'btc';

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Two characters at a time: half the divisions. */
const PAIRS = Array.from({ length: 1_024 }, (_, n) => ALPHABET.charAt(n >> 5) + ALPHABET.charAt(n & 31));

/** Milliseconds, then 80 random bits: index-friendly, unguessable, 26 characters after the prefix. */
export function newId(prefix: IdPrefix, at: number = Date.now()): string {
  const random = publicRandomBytes(10);
  return `${prefix}_${timeText(at)}${base32(random.readUIntBE(0, 5), 8)}${base32(random.readUIntBE(5, 5), 8)}`;
}

let lastTime = { at: -1, text: '' };

function timeText(at: number): string {
  if (lastTime.at !== at) lastTime = { at, text: base32(at, 10) };
  return lastTime.text;
}

/** @param length even */
function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 1_024))
    text = (PAIRS[rest % 1_024] ?? '') + text;
  return text;
}

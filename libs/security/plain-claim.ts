import type { SignatureClaim } from './signature-base';
import { knownItems } from './structured-fields';

const SEMICOLON = 0x3b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const LABEL = /^[a-z*][a-z0-9_.*-]*$/;
/** More digits are no time. */
const MOST_DIGITS = 15;
/** No plain field is longer; the other reader has a limit of its own. */
const MOST_SIGNS = 2_048;

/**
 * Reads a signature in its plainest form without taking it to pieces: one signature, a list of components that was read before,
 * parameters that we know, all of it in canonical form, so that what it signs is its own text. Nearly all are written like that.
 * @returns undefined for every other form, wrong or merely unusual: `readAnyClaim` says what it is
 */
export function readPlainClaim(input: string, value: string): SignatureClaim | undefined {
  const open = input.indexOf('=(') + 1;
  const close = input.indexOf(')', open) + 1;
  if (open === 0 || close === 0 || input.length > MOST_SIGNS || value.length > MOST_SIGNS) return undefined;
  const items = knownItems(input.slice(open, close));
  const said = items && readParameters(input, close);
  if (!said) return undefined;
  const { keyId, created, nonce } = said;
  if (keyId === undefined || created === undefined || nonce === undefined || !isNonce(nonce)) return undefined;
  const label = input.slice(0, open - 1);
  const signature = bytesOf(label, value);
  if (!signature || !LABEL.test(label)) return undefined;
  const covered = { items, text: input.slice(open) };
  return {
    label,
    covered,
    signature,
    keyId,
    created,
    expires: said.expires ?? null,
    nonce,
    alg: said.alg ?? null,
  };
}

interface Said {
  keyId: string | undefined;
  created: number | undefined;
  expires: number | undefined;
  nonce: string | undefined;
  alg: string | undefined;
}

/** Each parameter at most once; undefined for one that we do not know, or that is not plain. */
function readParameters(text: string, from: number): Said | undefined {
  const said: Said = { keyId: undefined, created: undefined, expires: undefined, nonce: undefined, alg: undefined };
  for (let at = from; at < text.length;) {
    const start = text.indexOf('=', at) + 1;
    if (text.charCodeAt(at) !== SEMICOLON || start === 0) return undefined;
    const quoted = text.charCodeAt(start) === QUOTE;
    const end = quoted ? endOfString(text, start + 1) : endOfNumber(text, start);
    if (end < 0) return undefined;
    const value = quoted ? text.slice(start + 1, end - 1) : Number(text.slice(start, end));
    if (!say(said, text.slice(at + 1, start - 1), value)) return undefined;
    at = end;
  }
  return said;
}

function say(said: Said, name: string, value: string | number): boolean {
  const isText = typeof value === 'string';
  if (name === 'created' && !isText && said.created === undefined) said.created = value;
  else if (name === 'nonce' && isText && said.nonce === undefined) said.nonce = value;
  else if (name === 'keyid' && isText && said.keyId === undefined) said.keyId = value;
  else if (name === 'alg' && isText && said.alg === undefined) said.alg = value;
  else if (name === 'expires' && !isText && said.expires === undefined) said.expires = value;
  else return false;
  return true;
}

/** Behind the closing quote; -1 when there is none or a sign must not stand as it is. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20 || code > 0x7e || code === BACKSLASH) return -1;
  }
  return -1;
}

/** Behind the last digit; -1 for what is no number without sign, fraction and leading zeros. */
function endOfNumber(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  const digits = at - from;
  const padded = digits > 1 && text.charCodeAt(from) === 0x30;
  return digits === 0 || digits > MOST_DIGITS || padded ? -1 : at;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const isNonce = (text: string): boolean => text.length >= 8 && text.length <= 128 && text.indexOf(' ') < 0;

/** The one signature of a Signature field that holds no other. */
function bytesOf(label: string, value: string): Buffer | undefined {
  const end = value.length - 1;
  const start = label.length + 2;
  if (end < start || !value.startsWith(label) || !value.startsWith('=:', start - 2) || !value.endsWith(':'))
    return undefined;
  const text = value.slice(start, end);
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

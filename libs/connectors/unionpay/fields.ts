import type { CallbackFault } from '../contract';

/**
 * UnionPay's messages are fields. Requests and notifications are forms, answers are the bare `k=v&k=v` whose values are not
 * encoded. Both are read strictly: what can be read in two ways is refused, for the signature is over the fields and not
 * over the bytes.
 */
export type Fields = ReadonlyMap<string, string>;

/** Why a message cannot be read in one way only. */
export class UnreadableFields extends Error {
  override readonly name = 'UnreadableFields';
  constructor(
    readonly fault: CallbackFault,
    message: string,
  ) {
    super(message);
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const MAX_FIELDS = 200;

/**
 * `application/x-www-form-urlencoded`, of UTF-8.
 * @throws UnreadableFields for a name given twice, a broken escape, bytes that are no UTF-8, a nameless field
 */
export function parseForm(body: Buffer): Fields {
  if (body.length === 0) throw new UnreadableFields('malformed', 'the body is empty');
  if (!isPrintable(body)) throw new UnreadableFields('malformed', 'bytes that a form has escaped');
  return fieldsOf(body.toString('latin1').split('&').map(decodedPair));
}

function decodedPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UnreadableFields('malformed', 'a field without a name or a value');
  return [unescaped(pair.slice(0, at)), unescaped(pair.slice(at + 1))];
}

const isPrintable = (body: Buffer): boolean => body.every((byte) => byte > 0x20 && byte < 0x7f);

function unescaped(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new UnreadableFields('malformed', 'a broken escape');
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return utf8(Buffer.from(bytes, 'latin1'));
}

/** @throws UnreadableFields when the bytes are no UTF-8 */
export function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UnreadableFields('charset_refused', 'not UTF-8');
  }
}

/**
 * An answer. Values in braces or brackets (`{a=b&c=d}`) hold separators of their own.
 * @throws UnreadableFields
 */
export function parseAnswer(body: Buffer): Fields {
  const text = utf8(body).trim();
  // Some gateways in front of UnionPay escape answers as well; the certificate in it shows which of the two it is.
  if (/-----BEGIN(\+|%20)CERTIFICATE/.test(text)) return parseForm(Buffer.from(text));
  return fieldsOf(
    pairsOf(text).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UnreadableFields('malformed', 'a field without a name or a value');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

function pairsOf(text: string): string[] {
  const pairs: string[] = [];
  for (let from = 0; from <= text.length;) {
    const end = pairEnd(text, from);
    pairs.push(text.slice(from, end));
    from = end + 1;
  }
  return pairs;
}

/** Where the pair that begins at `from` ends: at the next `&`, or for a value in braces at the `&` behind them. */
function pairEnd(text: string, from: number): number {
  const value = text.indexOf('=', from) + 1;
  const next = text.indexOf('&', from);
  const closing = value > 0 && (next === -1 || value <= next) ? CLOSES[text[value] ?? ''] : undefined;
  const closed = closing === undefined ? -1 : text.indexOf(`${closing}&`, value);
  if (closed !== -1) return closed + 1;
  return closing !== undefined || next === -1 ? text.length : next;
}

function fieldsOf(pairs: readonly [string, string][]): Fields {
  if (pairs.length > MAX_FIELDS) throw new UnreadableFields('malformed', 'too many fields');
  const fields = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!NAME.test(name)) throw new UnreadableFields('malformed', 'a name that is none');
    if (fields.has(name)) throw new UnreadableFields('parameter_twice', `${name} is there twice`);
    fields.set(name, value);
  }
  return fields;
}

export const encodeForm = (fields: Fields): string =>
  [...fields].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');

const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

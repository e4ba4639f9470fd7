import type { CallbackFault } from '../contract';

/** Why a body is no form of Alipay's; told as it stands in the verdict. */
export class FormFault extends Error {
  override readonly name = 'FormFault';
  constructor(
    readonly fault: CallbackFault,
    detail: string,
  ) {
    super(detail);
  }
}

const MAX_BODY = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * `application/x-www-form-urlencoded` read strictly: each name once, every escape whole, all of it UTF-8. Signatures are over
 * the decoded values, so whatever could be decoded in two ways is refused before anything is verified.
 * @throws FormFault
 */
export function parseForm(body: Buffer): Map<string, string> {
  if (body.length === 0) throw new FormFault('malformed', 'the body is empty');
  if (body.length > MAX_BODY) throw new FormFault('malformed', 'the body is too long');
  const text = body.toString('latin1');
  if (/%([a-f].|.[a-f])/.test(text) && /%([A-F].|.[A-F])/.test(text))
    throw new FormFault('malformed', 'escapes are written in two ways');
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new FormFault('malformed', 'a field without a name or a value');
    const name = decoded(pair.slice(0, at));
    if (fields.has(name)) throw new FormFault('parameter_twice', 'a field is there twice');
    fields.set(name, decoded(pair.slice(at + 1)));
  }
  return fields;
}

function decoded(raw: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) throw new FormFault('malformed', 'an escape is cut');
  const bytes = raw
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw new FormFault('charset_refused', 'not UTF-8');
  }
}

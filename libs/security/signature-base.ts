import { fieldLines, fieldText, type Headers } from './message-fields';
import {
  isInnerList,
  parseDictionary,
  serializeInnerList,
  serializeItem,
  serializeMember,
  type InnerList,
  type Item,
} from './structured-fields';

export interface RequestMessage {
  method: string;
  /** Absolute: scheme, authority, path and query exactly as the sender wrote them. */
  url: string;
  headers: Headers;
  body?: Buffer | string | undefined;
}
export interface ResponseMessage {
  status: number;
  headers: Headers;
  body?: Buffer | string | undefined;
  /** What was asked; components marked `;req` come from it. */
  request?: RequestMessage | undefined;
}
export type Message = RequestMessage | ResponseMessage;

export const hasBody = (message: Message): boolean => (message.body?.length ?? 0) > 0;

const isResponse = (message: Message): message is ResponseMessage => 'status' in message;

/** A component cannot be taken from this message; the signature cannot be checked. */
export class ComponentError extends Error {
  override readonly name = 'ComponentError';
}

/** What a signature covers. */
export interface Covered {
  items: readonly Item[];
  /** The whole list in its canonical form, as it stands in Signature-Input. */
  text: string;
}

export const coveredOf = (list: InnerList): Covered => ({ items: list.items, text: serializeInnerList(list) });

/** What a Signature-Input claims. Nothing in it is true before the signature has been verified. */
export interface SignatureClaim {
  label: string;
  covered: Covered;
  signature: Buffer;
  keyId: string;
  /** Seconds since 1970. */
  created: number;
  /** The same; null: the window alone counts. */
  expires: number | null;
  nonce: string;
  alg: string | null;
}

interface Line {
  item: Item;
  name: string;
  /** Of the request that was answered. */
  asked: boolean;
  /** A field as it is, with no parameter that changes its text. */
  plain: boolean;
  /** The component as it stands in the base, with the colon and blank before its value. */
  start: string;
}

/** What a list of components asks for; worked out once per list. */
interface Plan {
  lines: readonly Line[];
  /** Components without their quotes, such as `content-digest` or `signature;req`. */
  names: ReadonlySet<string>;
}

const plans = new WeakMap<readonly Item[], Plan>();

function planOf(items: readonly Item[]): Plan {
  const known = plans.get(items);
  if (known) return known;
  const ids = new Set<string>();
  const lines = items.map((item) => {
    const id = serializeItem(item);
    if (ids.has(id)) throw new ComponentError(`${id} is covered twice`);
    ids.add(id);
    return lineOf(item, id);
  });
  const plan = { lines, names: new Set([...ids].map((id) => id.replaceAll('"', ''))) };
  plans.set(items, plan);
  return plan;
}

function lineOf(item: Item, id: string): Line {
  const name = nameOf(item);
  const asked = item.params.get('req') === true;
  const changed = ['sf', 'bs', 'key'].some((param) => item.params.has(param));
  return { item, name, asked, plain: !name.startsWith('@') && !changed, start: `${id}: ` };
}

const KNOWN_PARAMS = new Set(['req', 'sf', 'bs', 'key', 'name']);

function nameOf(item: Item): string {
  const name = item.value;
  if (typeof name !== 'string' || name !== name.toLowerCase())
    throw new ComponentError('a component is a lower-case string');
  for (const param of item.params.keys()) {
    if (!KNOWN_PARAMS.has(param)) throw new ComponentError(`parameter ${param} of ${name} is not supported`);
  }
  return name;
}

/**
 * Components that a signature covers, without quotes: `content-digest`, `signature;req`.
 * @throws ComponentError for one named twice or not supported
 */
export const coveredNames = (covered: Pick<Covered, 'items'>): ReadonlySet<string> => planOf(covered.items).names;

/**
 * RFC 9421 §2.5: one line per covered component, then `@signature-params`. Both sides build this text; the signature is
 * over its bytes.
 * @throws ComponentError for an absent field, an unknown derived component or parameter, or a component named twice
 */
export function signatureBase(message: Message, { items, text }: Covered): string {
  let base = '';
  for (const line of planOf(items).lines) base += `${line.start}${componentValue(message, line)}\n`;
  return `${base}"@signature-params": ${text}`;
}

function componentValue(message: Message, { item, name, asked, plain }: Line): string {
  const source = asked ? requestOf(message) : message;
  if (plain) return presentField(source, name);
  return name.startsWith('@') ? derived(source, name, item) : fieldValue(source, name, item);
}

function requestOf(message: Message): RequestMessage {
  if (isResponse(message) && message.request) return message.request;
  throw new ComponentError('`req` needs the request that was answered');
}

function derived(message: Message, name: string, item: Item): string {
  if (isResponse(message)) {
    if (name === '@status') return String(message.status);
    throw new ComponentError(`${name} is not part of a response`);
  }
  if (name === '@method') return message.method.toUpperCase();
  if (name === '@target-uri') return message.url;
  const url = new URL(message.url);
  switch (name) {
    case '@authority':
      return url.host.toLowerCase();
    case '@scheme':
      return url.protocol.slice(0, -1).toLowerCase();
    case '@path':
      return url.pathname;
    case '@query':
      return url.search || '?';
    case '@request-target':
      return url.pathname + url.search;
    case '@query-param':
      return queryParam(url, item);
    default:
      throw new ComponentError(`${name} is not a component of a request`);
  }
}

/** RFC 9421 §2.2.8: decoded, then percent-encoded anew; exactly one value may carry the name. */
function queryParam(url: URL, item: Item): string {
  const name = item.params.get('name');
  if (typeof name !== 'string') throw new ComponentError('@query-param needs a name');
  const values = url.searchParams.getAll(decodeURIComponent(name));
  if (values.length !== 1) throw new ComponentError('@query-param must stand once in the query');
  return percentEncode(values[0] ?? '');
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function presentField({ headers }: Message, name: string): string {
  const text = fieldText(headers, name);
  if (text === undefined) throw new ComponentError(`the message has no field ${name}`);
  return text;
}

function fieldValue(message: Message, name: string, item: Item): string {
  const text = presentField(message, name);
  const key = item.params.get('key');
  if (typeof key === 'string') {
    const member = parseDictionary(text).get(key);
    if (!member) throw new ComponentError(`${name} has no member ${key}`);
    return serializeMember(member);
  }
  if (item.params.get('bs') === true) {
    return fieldLines(message.headers, name)
      .map((line) => `:${Buffer.from(line).toString('base64')}:`)
      .join(', ');
  }
  return item.params.get('sf') === true ? canonical(text) : text;
}

function canonical(text: string): string {
  return [...parseDictionary(text)]
    .map(([member, value]) =>
      !isInnerList(value) && value.value === true
        ? member + serializeMember(value).slice(2)
        : `${member}=${serializeMember(value)}`,
    )
    .join(', ');
}

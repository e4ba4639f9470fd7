import {
  isInnerList,
  parseDictionary,
  serializeInnerList,
  serializeItem,
  serializeMember,
  type InnerList,
  type Item,
} from './structured-fields';

export type Headers = Readonly<Record<string, string | readonly string[] | number | undefined>>;

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

const isResponse = (message: Message): message is ResponseMessage => 'status' in message;

/** A component cannot be taken from this message; the signature cannot be checked. */
export class ComponentError extends Error {
  override readonly name = 'ComponentError';
}

/**
 * RFC 9421 §2.5: one line per covered component, then `@signature-params`. Both sides build this text; the signature is
 * over its bytes.
 * @throws ComponentError for an absent field, an unknown derived component or parameter, or a component named twice
 */
export function signatureBase(message: Message, covered: InnerList): string {
  const seen = new Set<string>();
  const lines = covered.items.map((item) => {
    const id = serializeItem(item);
    if (seen.has(id)) throw new ComponentError(`${id} is covered twice`);
    seen.add(id);
    return `${id}: ${componentValue(message, item)}`;
  });
  lines.push(`"@signature-params": ${serializeInnerList(covered)}`);
  return lines.join('\n');
}

const KNOWN_PARAMS = new Set(['req', 'sf', 'bs', 'key', 'name']);

function componentValue(message: Message, item: Item): string {
  const name = item.value;
  if (typeof name !== 'string' || name !== name.toLowerCase())
    throw new ComponentError('a component is a lower-case string');
  for (const param of item.params.keys()) {
    if (!KNOWN_PARAMS.has(param)) throw new ComponentError(`parameter ${param} of ${name} is not supported`);
  }
  const source = item.params.get('req') === true ? requestOf(message) : message;
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
  const url = new URL(message.url);
  switch (name) {
    case '@method':
      return message.method.toUpperCase();
    case '@target-uri':
      return message.url;
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

function fieldValue(message: Message, name: string, item: Item): string {
  const lines = fieldLines(message.headers, name);
  if (lines.length === 0) throw new ComponentError(`the message has no field ${name}`);
  const key = item.params.get('key');
  if (typeof key === 'string') {
    const member = parseDictionary(lines.join(', ')).get(key);
    if (!member) throw new ComponentError(`${name} has no member ${key}`);
    return serializeMember(member);
  }
  if (item.params.get('bs') === true) {
    return lines.map((line) => `:${Buffer.from(line).toString('base64')}:`).join(', ');
  }
  if (item.params.get('sf') === true) {
    return [...parseDictionary(lines.join(', '))]
      .map(([member, value]) =>
        !isInnerList(value) && value.value === true
          ? member + serializeMember(value).slice(2)
          : `${member}=${serializeMember(value)}`,
      )
      .join(', ');
  }
  return lines.join(', ');
}

/** Every line of a field, trimmed, obsolete line folding undone. */
export function fieldLines(headers: Headers, name: string): string[] {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  if (entry?.[1] === undefined) return [];
  const value: readonly (string | number)[] = Array.isArray(entry[1]) ? entry[1] : [entry[1] as string | number];
  return value.map((line) =>
    String(line)
      .replace(/\s*\r?\n\s+/g, ' ')
      .trim(),
  );
}

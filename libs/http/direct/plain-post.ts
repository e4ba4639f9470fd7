import type { IncomingHttpHeaders } from 'node:http';
import { JSON_TYPE_TEXTS } from './json-types';
import type { DirectRoute } from './direct-route';

/** A request of which every byte up to `end` is understood. The body may still be on its way. */
export interface PlainPost {
  route: DirectRoute;
  headers: IncomingHttpHeaders;
  bodyStart: number;
  end: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CAPITAL_P = 0x50;
/** A head beyond this is no signed payment; Node's own limit is 16 KiB. */
const MOST_HEAD_BYTES = 8_192;
const MOST_FIELDS = 64;

/**
 * One line of a head in its plainest form: a name of letters, digits and hyphens, at most one blank, printable ASCII. Sticky: it
 * must begin where the last one ended, so that no byte of a head is left unread.
 */
const FIELD = /([A-Za-z0-9-]{1,64}): ?([!-~](?:[ -~]*[!-~])?)\r\n/y;
const LENGTH = /^[1-9]\d{0,6}$/;

/** Fields that change how a message or a connection is read. */
const NOT_PLAIN = new Set([
  'transfer-encoding',
  'te',
  'trailer',
  'expect',
  'upgrade',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'set-cookie',
]);

/**
 * Promise: what this reads, every HTTP/1.1 parser reads alike. It knows one form only: POST, a known path, HTTP/1.1, each field
 * once and in printable ASCII, one Content-Length, a JSON body. Anything else, wrong or merely unusual, is undefined: its bytes
 * are Node's own parser's, none of them having been used.
 * @param routes by their request line
 */
export function readPlainPost(bytes: Buffer, routes: ReadonlyMap<string, DirectRoute>): PlainPost | undefined {
  if (bytes[0] !== CAPITAL_P) return undefined;
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd > MOST_HEAD_BYTES) return undefined;
  const head = bytes.toString('latin1', 0, headEnd + 2);
  const lineEnd = head.indexOf('\r\n');
  const route = routes.get(head.slice(0, lineEnd));
  const headers = route && readFields(head, lineEnd + 2);
  if (!headers) return undefined;
  const length = bodyLength(headers, route.bodyLimit);
  if (length === undefined) return undefined;
  const bodyStart = headEnd + HEAD_END.length;
  return { route, headers, bodyStart, end: bodyStart + length };
}

function readFields(head: string, from: number): IncomingHttpHeaders | undefined {
  const headers: Record<string, string> = {};
  let fields = 0;
  for (let at = from; at < head.length; at = FIELD.lastIndex) {
    FIELD.lastIndex = at;
    const line = FIELD.exec(head);
    if (!line || ++fields > MOST_FIELDS) return undefined;
    const name = plainName(line[1] ?? '');
    const value = line[2] ?? '';
    if (name === undefined || headers[name] !== undefined) return undefined;
    if (name === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    headers[name] = value;
  }
  return headers;
}

/** The length of a body that may be read here; undefined: Node's parser and Fastify say what is wrong with it. */
function bodyLength(headers: IncomingHttpHeaders, limit: number): number | undefined {
  const { host, 'content-length': text, 'content-type': type } = headers;
  if (host === undefined || text === undefined || !LENGTH.test(text)) return undefined;
  if (type === undefined || !JSON_TYPE_TEXTS.has(type) || headers['signature-input'] === undefined) return undefined;
  const length = Number.parseInt(text, 10);
  return length > limit ? undefined : length;
}

/** Callers spell the same few names in call after call. null: not for us. */
const names = new Map<string, string | null>();
const MAX_NAMES = 512;

/** In lower case, as Node gives it. */
function plainName(spelled: string): string | undefined {
  let name = names.get(spelled);
  if (name === undefined) {
    const lower = spelled.toLowerCase();
    name = NOT_PLAIN.has(lower) ? null : lower;
    if (names.size >= MAX_NAMES) names.clear();
    names.set(spelled, name);
  }
  return name ?? undefined;
}

import type { IncomingHttpHeaders } from 'node:http';
import { JSON_TYPE_TEXTS } from './json-types';
import type { DirectRoute } from './direct-route';

/** A request of which every byte up to `end` is understood. The body may still be on its way. */
export interface PlainPost {
  route: DirectRoute;
  headers: IncomingHttpHeaders;
  bodyStart: number;
  end: number;
  /** For the reading of this caller's next request; absent: it writes in a way that is not worth it. */
  form: HeadForm | undefined;
}

/** How a caller writes its heads: request after request the same, but for what stands behind each colon. */
export interface HeadForm {
  route: DirectRoute;
  /** The request line with its end. */
  start: string;
  /** Names as they are spelled, with the colon and one blank. */
  prefixes: readonly string[];
  /** In lower case, no two alike, none that is not plain. */
  names: readonly string[];
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
/** The same for many lines at once, of which each has its blank. */
const FIELDS = /(?:[A-Za-z0-9-]{1,64}: [!-~](?:[ -~]*[!-~])?\r\n)+/y;
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
 * @param form of the last request of this caller
 */
export function readPlainPost(
  bytes: Buffer,
  routes: ReadonlyMap<string, DirectRoute>,
  form?: HeadForm,
): PlainPost | undefined {
  if (bytes[0] !== CAPITAL_P) return undefined;
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd > MOST_HEAD_BYTES) return undefined;
  const head = bytes.toString('latin1', 0, headEnd + 2);
  const read = (form && readLikeLast(head, form)) ?? readHead(head, routes);
  if (!read) return undefined;
  const { route, headers } = read;
  const length = bodyLength(headers, route.bodyLimit);
  if (length === undefined) return undefined;
  const bodyStart = headEnd + HEAD_END.length;
  return { route, headers, bodyStart, end: bodyStart + length, form: read.form };
}

type Head = Pick<PlainPost, 'route' | 'headers' | 'form'>;

/** A head in the form of the one before: its names are known, and only looked at where they must stand. */
function readLikeLast(head: string, form: HeadForm): Head | undefined {
  const { route, start, prefixes, names } = form;
  if (!head.startsWith(start)) return undefined;
  FIELDS.lastIndex = start.length;
  if (!FIELDS.test(head) || FIELDS.lastIndex !== head.length) return undefined;
  const headers: Record<string, string> = {};
  let at = start.length;
  for (let i = 0; i < names.length; i++) {
    const prefix = prefixes[i] ?? '';
    const name = names[i] ?? '';
    if (!head.startsWith(prefix, at)) return undefined;
    const end = head.indexOf('\r', at);
    const value = head.slice(at + prefix.length, end);
    if (name === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    headers[name] = value;
    at = end + 2;
  }
  return at === head.length ? { route, headers, form } : undefined;
}

function readHead(head: string, routes: ReadonlyMap<string, DirectRoute>): Head | undefined {
  const lineEnd = head.indexOf('\r\n');
  const route = routes.get(head.slice(0, lineEnd));
  if (!route) return undefined;
  const headers: Record<string, string> = {};
  const prefixes: string[] = [];
  const names: string[] = [];
  for (let at = lineEnd + 2; at < head.length; at = FIELD.lastIndex) {
    FIELD.lastIndex = at;
    const line = FIELD.exec(head);
    if (!line || names.length === MOST_FIELDS) return undefined;
    const [whole, spelled = '', value = ''] = line;
    const name = plainName(spelled);
    if (name === undefined || headers[name] !== undefined) return undefined;
    if (name === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    headers[name] = value;
    names.push(name);
    prefixes.push(whole.slice(0, whole.length - value.length - 2));
  }
  const start = head.slice(0, lineEnd + 2);
  const form = prefixes.every((prefix) => prefix.endsWith(' ')) ? { route, start, prefixes, names } : undefined;
  return { route, headers, form };
}

/** The length of a body that may be read here; undefined: Node's parser and Fastify say what is wrong with it. */
function bodyLength(headers: IncomingHttpHeaders, limit: number): number | undefined {
  const { host, 'content-length': text, 'content-type': type } = headers;
  if (host === undefined || text === undefined || !LENGTH.test(text)) return undefined;
  if (type === undefined || (type !== 'application/json' && !JSON_TYPE_TEXTS.has(type))) return undefined;
  if (headers['signature-input'] === undefined) return undefined;
  const length = Number.parseInt(text, 10);
  return length > limit ? undefined : length;
}

/** Callers spell the same few names in call after call. null: not for us. */
const spellings = new Map<string, string | null>();
const MAX_NAMES = 512;

/** In lower case, as Node gives it. */
function plainName(spelled: string): string | undefined {
  let name = spellings.get(spelled);
  if (name === undefined) {
    const lower = spelled.toLowerCase();
    name = NOT_PLAIN.has(lower) ? null : lower;
    if (spellings.size >= MAX_NAMES) spellings.clear();
    spellings.set(spelled, name);
  }
  return name ?? undefined;
}

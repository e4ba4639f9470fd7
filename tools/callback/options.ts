import { parseArgs } from 'node:util';

export const USAGE = `npm run callback -- verify --provider NAME --keys KEYS.json REQUEST.json [--now RFC3339] [--json]
NAME is a connector (its folder in libs/connectors), KEYS.json its settings as far as verification needs them.
npm run callback -- verify --provider partner --keys KEYS.json REQUEST.json [--door]
KEYS.json is a list of {keyId, alg, material} (PEM, or base64 of a shared secret) and of JWKs, or a JWK set; alg may be left
out where the key tells it. The verdict is that of the signatures; whether our door lets the message in is told beside it,
and with --door it is the verdict.
REQUEST.json: {method, url, headers, body}; bytes that are no text stand in bodyBase64 instead of body. Of a partner also an
answer, {status, headers, body, request}, where request is what was answered.
--now: as of when times are judged, such as 2021-04-20T02:07:56Z.
Exit code 0: verified. 1: refused, and why. 2: the files or options cannot be used.`;

/** What was given cannot be used; the reader is told what to change. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

export interface Options {
  provider: string;
  keysPath: string;
  requestPath: string;
  /** undefined: now. */
  now: Date | undefined;
  json: boolean;
  door: boolean;
}

const OPTIONS = {
  provider: { type: 'string' },
  keys: { type: 'string' },
  now: { type: 'string' },
  json: { type: 'boolean', default: false },
  door: { type: 'boolean', default: false },
} as const;

/** @throws Unusable with the usage */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [verb, requestPath, ...more] = positionals;
  const { provider, keys: keysPath, now, json, door } = values;
  if (verb !== 'verify' || !requestPath || more.length > 0 || !provider || !keysPath) throw new Unusable(USAGE);
  return { provider, keysPath, requestPath, now: now === undefined ? undefined : instant(now), json, door };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Unusable(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function instant(text: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(text) || Number.isNaN(at.getTime()))
    throw new Unusable(`--now takes a time with its zone, such as 2021-04-20T02:07:56Z; got ${text}.`);
  return at;
}

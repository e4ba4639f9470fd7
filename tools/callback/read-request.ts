import type { RawCallback } from '@yidian/connectors/contract';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Unusable } from './options';

const line = z.union([z.string(), z.number()]).transform(String);
const requestFile = z.looseObject({
  method: z.string().min(1).default('POST'),
  url: z.string().min(1),
  headers: z
    .union([z.record(z.string(), z.union([line, z.array(line)])), z.array(z.tuple([z.string(), line]))])
    .default({}),
  body: z.string().nullish(),
  bodyBase64: z.base64().nullish(),
  body_base64: z.base64().nullish(),
});

/**
 * A request as it stood on the wire. Header names may have any case; a name that stands there twice has two lines. A body
 * that was parsed already cannot be checked: signatures are over bytes.
 * @throws Unusable naming the member that does not fit
 */
export function readRequest(path: string): RawCallback {
  return requestOf(readJson(path), path);
}

/** @throws Unusable naming the member that does not fit */
export function requestOf(given: unknown, path: string): RawCallback {
  const read = requestFile.safeParse(given);
  if (!read.success) throw new Unusable(`${path}: ${issueOf(read.error)}`);
  const { method, url, headers, body, bodyBase64, body_base64 } = read.data;
  const encoded = bodyBase64 ?? body_base64;
  if (typeof encoded === 'string' && typeof body === 'string' && body !== '')
    throw new Unusable(`${path}: body and bodyBase64 are both there`);
  const named = linesOf(Array.isArray(headers) ? headers : Object.entries(headers));
  return {
    method: method.toUpperCase(),
    targetUri: absolute(url, named, path),
    headers: named,
    body: typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : Buffer.from(body ?? ''),
  };
}

/** Names as Node's server gives them, lower case. */
function linesOf(given: readonly (readonly [string, string | string[]])[]): Record<string, string | string[]> {
  const lines = new Map<string, string[]>();
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), ...(Array.isArray(value) ? value : [value])]);
  }
  return Object.fromEntries([...lines].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}

/** A path alone is an address at the host that the request names. The text of an absolute address is left as it is. */
function absolute(url: string, headers: Record<string, string | string[]>, path: string): string {
  const host = headers['host'];
  const whole = url.startsWith('/') ? `https://${typeof host === 'string' ? host : 'localhost'}${url}` : url;
  if (!URL.canParse(whole)) throw new Unusable(`${path}: url is no address`);
  return whole;
}

/** @throws Unusable when the file is not there or not JSON */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Unusable(`${path} cannot be read.`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Unusable(`${path} is not JSON.`);
  }
}

/** Where and why, never a value: keys are secret. */
export function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'does not fit'}`;
}

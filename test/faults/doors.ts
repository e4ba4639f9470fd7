import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { signingKey, signRequest, type SigningKey, type SignOptions } from '@yidian/security';
import { readDemoFile } from '../../sandbox/src/demo/demo-file';
import type { Stage } from '../e2e/stage';

/** What somebody sends to one of the public doors, well or badly made. */
export interface Knock {
  method?: 'GET' | 'POST';
  path: string;
  body?: string | object;
  headers?: Record<string, string>;
  /** Signs with this key; absent: unsigned. */
  key?: SigningKey;
  sign?: SignOptions;
  /** Changes the request after it was signed. */
  spoil?: (request: Signed) => void;
}

export interface Signed {
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Answer {
  status: number;
  code: string;
  body: unknown;
  type: string;
}

export async function knock(stage: Stage, request: Knock): Promise<Answer> {
  const signed = prepare(stage, request);
  return send(stage, request, signed);
}

/** The same bytes twice, as a thief on the line would send them. */
export async function knockTwice(stage: Stage, request: Knock): Promise<Answer> {
  const signed = prepare(stage, request);
  await send(stage, request, signed);
  return send(stage, request, signed);
}

function prepare(stage: Stage, { method = 'POST', path, body, headers = {}, key, sign, spoil }: Knock): Signed {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const plain = { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const added = key ? signRequest({ method, url: stage.gateway + path, headers: plain, body: text }, key, sign) : {};
  const signed = { headers: { ...plain, ...added }, body: text };
  spoil?.(signed);
  return signed;
}

async function send(stage: Stage, { method = 'POST', path }: Knock, { headers, body }: Signed): Promise<Answer> {
  const response = await fetch(stage.gateway + path, { method, headers, body, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const parsed: unknown = type.includes('json') ? JSON.parse(text) : text;
  const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? String(parsed.code) : '';
  return { status: response.status, code, body: parsed, type };
}

export function demoKeys(stage: Stage): {
  bank: SigningKey;
  shop: SigningKey;
  bankA: SigningKey;
  stranger: SigningKey;
} {
  const demo = readDemoFile(join(stage.data, 'demo', 'demo.json'));
  const key = (of: { keyId: string; privateKeyPem: string }) => signingKey(of.keyId, 'ed25519', of.privateKeyPem);
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    bank: key(demo.partners.demo_bank),
    shop: key(demo.partners.demo_shop),
    bankA: key(demo.providers.bank_a),
    stranger: signingKey('test_nobody', 'ed25519', pem),
  };
}

/** A message centre's signature over the raw body. */
export function smscSignature(stage: Stage, body: string, secret?: string): string {
  const { smscSecret } = readDemoFile(join(stage.data, 'demo', 'demo.json'));
  return createHmac('sha256', secret ?? smscSecret)
    .update(body)
    .digest('hex');
}

/** A collection that would be accepted, so that each case spoils one thing only. */
export function collection(changes: object = {}): object {
  return {
    reference: `bad-${randomUUID().slice(0, 8)}`,
    number: '13900000000',
    amount: 5_000,
    currency: 'CNY',
    funding: { type: 'collected', taken_at: new Date().toISOString(), teller: 'T01' },
    ...changes,
  };
}

export const idempotent = (): Record<string, string> => ({ 'idempotency-key': `"${randomUUID()}"` });

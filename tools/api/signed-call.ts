import {
  readClaim,
  signatureBase,
  signingKey,
  signRequest,
  verifyingKey,
  verifyResponse,
  type SigningKey,
  type VerifyingKey,
} from '@yidian/security';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PlainError } from '../platform/progress';
import type { ApiConfig } from './api.config';

export interface Exchange {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  base: string;
  status: number;
  answerHeaders: Record<string, string>;
  answer: string;
  /** Whether the answer's own signature holds, in words. */
  answerSignature: string;
}

/** @throws PlainError when the key cannot be read */
export function readKey(config: ApiConfig): SigningKey {
  try {
    return signingKey(config.keyId, config.alg, readFileSync(config.keyFile, 'utf8'));
  } catch (cause) {
    const hint = 'run `npm start` for the demo keys, or `npm run partner -- new NAME`';
    throw new PlainError(`The key ${config.keyFile} of ${config.keyId} cannot be used: ${hint}.`, { cause });
  }
}

/** Signs, sends, and checks the signature of the answer. A POST gets a fresh Idempotency-Key unless one is given. */
export async function signedCall(
  gateway: string,
  key: SigningKey,
  call: { method: string; path: string; body?: string | undefined; idempotencyKey?: string | undefined },
): Promise<Exchange> {
  const url = gateway + call.path;
  const changes = call.method === 'POST' && call.path !== '/v1/number_queries';
  const plain: Record<string, string> = {
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(changes ? { 'idempotency-key': `"${call.idempotencyKey ?? randomUUID()}"` } : {}),
  };
  const request = { method: call.method, url, headers: plain, body: call.body };
  const headers = { ...plain, ...signRequest(request, key) };
  const signed = { ...request, headers };
  const init = { method: call.method, headers, signal: AbortSignal.timeout(30_000) };
  const answer = await fetch(url, call.body === undefined ? init : { ...init, body: call.body });
  const text = await answer.text();
  const answerHeaders = Object.fromEntries(answer.headers);
  const response = { status: answer.status, headers: answerHeaders, body: text, request: signed };
  return {
    method: call.method,
    url,
    headers,
    body: call.body,
    base: signatureBase(signed, readClaim(signed).covered),
    status: answer.status,
    answerHeaders,
    answer: text,
    answerSignature: await verdict(gateway, key, response),
  };
}

/** A partner with a shared secret gets answers under that secret; everybody else, and every refusal of a stranger, under ours. */
async function verdict(
  gateway: string,
  own: SigningKey,
  response: Parameters<typeof verifyResponse>[0],
): Promise<string> {
  try {
    const shared = own.alg === 'hmac-sha256' ? own : undefined;
    const claim = await verifyResponse(response, (keyId) =>
      keyId === shared?.keyId ? shared : published(gateway, keyId),
    );
    return `holds (${claim.keyId})`;
  } catch (error) {
    return `does not hold: ${error instanceof Error ? error.message : 'unreadable'}`;
  }
}

async function published(gateway: string, keyId: string): Promise<VerifyingKey | undefined> {
  const { keys } = (await (await fetch(`${gateway}/.well-known/jwks.json`)).json()) as { keys: JsonWebKey[] };
  const jwk = keys.find((one) => one['kid'] === keyId);
  if (!jwk) return undefined;
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  return verifyingKey(keyId, jwk.kty === 'OKP' ? 'ed25519' : 'rsa-pss-sha512', pem);
}

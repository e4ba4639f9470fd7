import { signRequest, type SigningKey, type VerifyingKey, verifyResponse } from '@yidian/security';
import type { GatewayKeys } from './our-keys';

export interface SignedAnswer {
  status: number;
  body: unknown;
  headers: Headers;
  replayed: boolean;
}

/** Nothing can be said about what the other side did: the same key and body may and must be sent again. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Where requests go, and the address that signatures name; behind a proxy or in containers they differ. */
export interface PlatformAddress {
  url: string;
  publicUrl: string;
}

/** Calls the platform from outside as a partner or provider does: signed, and believing only signed answers. */
export class SignedClient {
  constructor(
    private readonly platform: PlatformAddress,
    private readonly key: SigningKey,
    private readonly keys: GatewayKeys,
    private readonly deadlineMs = 20_000,
  ) {}

  get(path: string): Promise<SignedAnswer> {
    return this.call('GET', path);
  }

  post(path: string, body: object, idempotencyKey?: string): Promise<SignedAnswer> {
    const headers: Record<string, string> =
      idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` };
    return this.call('POST', path, JSON.stringify(body), headers);
  }

  /** @throws NoAnswer when the line broke, the time ran out, or the answer is not signed by the platform */
  private async call(
    method: string,
    path: string,
    body?: string,
    extra: Record<string, string> = {},
  ): Promise<SignedAnswer> {
    const url = this.platform.publicUrl + path;
    const plain = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...extra };
    const request = { method, url, headers: plain, body };
    const headers = { ...plain, ...signRequest(request, this.key) };
    try {
      const init = { method, headers, signal: AbortSignal.timeout(this.deadlineMs) };
      const answer = await fetch(this.platform.url + path, body === undefined ? init : { ...init, body });
      const text = await answer.text();
      const response = {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: text,
        request: { ...request, headers },
      };
      await verifyResponse(response, (keyId) => this.believed(keyId));
      const replayed = answer.headers.get('idempotency-replayed') === 'true';
      return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers, replayed };
    } catch (cause) {
      throw new NoAnswer(`${method} ${path}: no answer to rely on`, { cause });
    }
  }

  /** The gateway's own keys, and the secret we share with it, under which it answers who signs with one. */
  private believed(keyId: string): Promise<VerifyingKey | undefined> | VerifyingKey {
    return this.key.alg === 'hmac-sha256' && keyId === this.key.keyId ? this.key : this.keys.find(keyId);
  }
}

import { signRequest, verifyResponse, type SigningKey, type VerifyingKey } from '@yidian/security';
import { Pool } from 'undici';
import { NotSent } from '../contract';

export interface LinkOptions {
  /** Such as `https://h2h.bank.example/yidian`; paths are added to it. */
  baseUrl: string;
  ourKey: SigningKey;
  theirKeys: readonly VerifyingKey[];
  /** Open connections at most. */
  connections?: number;
}

export interface LinkAnswer {
  status: number;
  body: Buffer;
  contentType: string;
}

/** Errors raised before a connection stood: no byte of the request can have left. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Signed requests to one bank over kept-alive connections; an answer whose signature does not verify is no answer. */
export class Link {
  private readonly base: URL;
  private readonly pool: Pool;

  constructor(private readonly options: LinkOptions) {
    this.base = new URL(options.baseUrl.replace(/\/+$/, ''));
    this.pool = new Pool(this.base.origin, {
      connections: options.connections ?? 64,
      connectTimeout: 3_000,
      pipelining: 1,
    });
  }

  post(path: string, body: object, signal: AbortSignal): Promise<LinkAnswer> {
    return this.send('POST', path, JSON.stringify(body), signal);
  }

  get(path: string, signal: AbortSignal): Promise<LinkAnswer> {
    return this.send('GET', path, undefined, signal);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<LinkAnswer> {
    const url = this.base.origin + this.base.pathname.replace(/\/$/, '') + path;
    const plain = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = { method, url, headers: plain, body };
    const headers = { ...plain, ...signRequest(request, this.options.ourKey) };
    const answer = await this.pool
      .request({ method, path: new URL(url).pathname, headers, body: body ?? null, signal })
      .catch((error: unknown) => {
        throw notSent(error) ?? error;
      });
    const content = Buffer.from(await answer.body.arrayBuffer());
    const response = { status: answer.statusCode, headers: answer.headers, body: content };
    await verifyResponse({ ...response, request: { ...request, headers } }, (keyId) =>
      this.options.theirKeys.find((key) => key.keyId === keyId),
    );
    return { status: answer.statusCode, body: content, contentType: String(answer.headers['content-type'] ?? '') };
  }
}

function notSent(error: unknown): NotSent | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !BEFORE_SENDING.has(code)) return undefined;
  return new NotSent(`no connection (${code})`, { cause: error });
}

import {
  fieldText,
  RunningDigest,
  SignatureError,
  signRequest,
  verifyResponse,
  verifyResponseHead,
  type ResponseMessage,
  type SigningKey,
  type VerifyingKey,
} from '@yidian/security';
import { Pool, type Dispatcher } from 'undici';
import { notSent } from '../contract';

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

  /** A 200 is read piece by piece: its signature is checked at once, its bytes against the signed digest at their end. */
  async download(
    path: string,
    signal: AbortSignal,
  ): Promise<LinkAnswer | { status: 200; bytes: AsyncIterable<Uint8Array> }> {
    const { answer, request } = await this.asked('GET', path, undefined, signal);
    if (answer.statusCode !== 200) return await this.whole(answer, request);
    const response = { status: 200, headers: answer.headers, body: undefined, request };
    await verifyResponseHead(response, this.theirKey).catch((error: unknown) => {
      answer.body.on('error', () => undefined).destroy();
      throw error;
    });
    return { status: 200, bytes: digested(answer.body, fieldText(answer.headers, 'content-digest') ?? '') };
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
    const { answer, request } = await this.asked(method, path, body, signal);
    return await this.whole(answer, request);
  }

  private async asked(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<{ answer: Dispatcher.ResponseData; request: ResponseMessage['request'] }> {
    const url = this.base.origin + this.base.pathname.replace(/\/$/, '') + path;
    const plain = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = { method, url, headers: plain, body };
    const headers = { ...plain, ...signRequest(request, this.options.ourKey) };
    const answer = await this.pool
      .request({ method, path: new URL(url).pathname, headers, body: body ?? null, signal })
      .catch((error: unknown) => {
        throw notSent(error) ?? error;
      });
    return { answer, request: { ...request, headers } };
  }

  private async whole(answer: Dispatcher.ResponseData, request: ResponseMessage['request']): Promise<LinkAnswer> {
    const { statusCode: status, headers } = answer;
    const body = Buffer.from(await answer.body.arrayBuffer());
    await verifyResponse({ status, headers, body, request }, this.theirKey);
    return { status, body, contentType: String(headers['content-type'] ?? '') };
  }

  private readonly theirKey = (keyId: string): VerifyingKey | undefined =>
    this.options.theirKeys.find((key) => key.keyId === keyId);
}

async function* digested(bytes: AsyncIterable<Uint8Array>, field: string): AsyncGenerator<Uint8Array> {
  const digest = new RunningDigest(field);
  for await (const chunk of bytes) {
    digest.update(chunk);
    yield chunk;
  }
  if (!digest.matches()) throw new SignatureError('digest_mismatch', 'Content-Digest does not match the body');
}

import type Stripe from 'stripe';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type Dispatcher } from 'undici';
import { neverLeft } from '../contract';

/**
 * The line failed. It carries no `code`, on purpose: the kit sends a request again by itself when it sees the code of a
 * closed connection, even with retries switched off, and sending again is for the caller of this connector to decide.
 */
export class LineError extends Error {
  override readonly name = 'LineError';
  constructor(
    readonly reason: string,
    /** Surely no byte of the request left us. */
    readonly notSent: boolean,
    cause: unknown,
  ) {
    super(`the line failed (${reason})`, { cause });
  }
}

const LONGEST_ANSWER = 16 * 1_048_576;

type KitHttp = NonNullable<NonNullable<ConstructorParameters<typeof Stripe>[1]>['httpClient']>;
type KitAnswer = Awaited<ReturnType<KitHttp['makeRequest']>>;

/** What the kit speaks HTTP with: kept-alive connections of ours, given up when the call's signal says so. */
export class StripeHttpClient implements KitHttp {
  private readonly signals = new AsyncLocalStorage<AbortSignal>();
  private readonly pool: Pool;

  private readonly prefix: string;

  /** @param base scheme, host, port, and a path that goes before every path; the kit's own idea of them is not asked */
  constructor(base: string, connections = 64) {
    const { origin, pathname } = new URL(base);
    this.prefix = pathname.replace(/\/+$/, '');
    this.pool = new Pool(origin, { connections, connectTimeout: 3_000, pipelining: 1 });
  }

  /** Every request that `work` causes is given up with the signal. */
  within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.signals.run(signal, work);
  }

  getClientName(): string {
    return 'undici';
  }

  async makeRequest(
    _host: string,
    _port: string,
    path: string,
    method: string,
    headers: object,
    requestData: string,
  ): Promise<KitAnswer> {
    const body = method === 'GET' || method === 'DELETE' ? null : requestData;
    const asked: Dispatcher.RequestOptions = {
      path: this.prefix + path,
      method: method,
      headers: withoutEmpty(headers),
      body,
      signal: this.signals.getStore() ?? null,
    };
    return new Answer(await this.pool.request(asked).catch(failed));
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

class Answer implements KitAnswer {
  constructor(private readonly answer: Dispatcher.ResponseData) {}

  getStatusCode = (): number => this.answer.statusCode;
  getHeaders = (): Record<string, string> =>
    Object.fromEntries(Object.entries(this.answer.headers).map(([name, value]) => [name, String(value ?? '')]));
  getRawResponse = (): unknown => this.answer;
  toStream = (): unknown => this.answer.body;
  dispose = (): void => void this.answer.body.destroy();

  /** An answer that is no 2xx and names no error of the API is somebody else's, such as a proxy's: it is no answer. */
  async toJSON(): Promise<unknown> {
    const json: unknown = JSON.parse(await textOf(this.answer));
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('no object was answered');
    const { statusCode } = this.answer;
    const failure = (json as { error?: unknown }).error;
    const named = typeof failure === 'object' && failure !== null;
    if ((statusCode >= 200 && statusCode <= 299) === named) throw new Error(`HTTP ${statusCode} that is not the API's`);
    return json;
  }
}

async function textOf({ body }: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > LONGEST_ANSWER) throw new Error('the answer is too long');
    }
  } catch (error) {
    return failed(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function failed(error: unknown): never {
  const code = (error as { code?: unknown } | null)?.code;
  const reason = typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
  throw new LineError(reason, neverLeft(error), error);
}

const withoutEmpty = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers as Record<string, unknown>)
      .filter(([name, value]) => value !== undefined && value !== null && name.toLowerCase() !== 'content-length')
      .map(([name, value]) => [name, String(value)]),
  );

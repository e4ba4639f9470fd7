import { setTimeout as sleep } from 'node:timers/promises';

export interface WebCall {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: object;
  cookie?: string;
  /** Value of X-Requested-With: which site's page is calling. */
  page?: 'portal' | 'console';
  key?: string;
  /** Codes of the error book that are an answer here although their status says "try again". */
  takes?: readonly string[];
}

export interface WebAnswer {
  status: number;
  body: unknown;
  /** `name=value` of cookies set. */
  cookies: string[];
  retryAfter: number;
}

const TRIES = 90;

/** Calls the platform as a browser does: cookies, JSON, the header that other sites' forms cannot send. */
export class WebClient {
  constructor(
    readonly baseUrl: string,
    private readonly deadlineMs = 30_000,
  ) {}

  /** One try; null when there was no answer to rely on. */
  async once(call: WebCall): Promise<WebAnswer | null> {
    const { method = call.body ? 'POST' : 'GET', path, body, cookie, page, key } = call;
    const headers: Record<string, string> = {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(cookie === undefined ? {} : { cookie }),
      ...(page === undefined ? {} : { 'x-requested-with': page }),
      ...(key === undefined ? {} : { 'idempotency-key': `"${key}"` }),
    };
    try {
      const init = { method, headers, signal: AbortSignal.timeout(this.deadlineMs) };
      const answer = await fetch(this.baseUrl + path, body ? { ...init, body: JSON.stringify(body) } : init);
      const text = await answer.text();
      return {
        status: answer.status,
        body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
        cookies: answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? ''),
        retryAfter: Number(answer.headers.get('retry-after') ?? '1') || 1,
      };
    } catch {
      return null;
    }
  }

  /**
   * Until there is an answer to rely on: lost answers, 5xx and "too busy" are asked again, same key and body, for about
   * three minutes, so that a restart of any service is bridged.
   */
  async persist(call: WebCall): Promise<WebAnswer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.once(call);
      if (answer && isAnswer(call, answer)) return answer;
      if (tries >= TRIES) throw new Error(`${call.path}: ${answer ? `still ${answer.status}` : 'no answer'}`);
      const wait = answer?.status === 429 ? answer.retryAfter * 1000 : Math.min(100 * 2 ** tries, 2_000);
      await sleep(Math.min(wait, 10_000));
    }
  }
}

function isAnswer(call: WebCall, { status, body }: WebAnswer): boolean {
  if (status < 500 && status !== 429) return true;
  const { code } = (typeof body === 'object' && body !== null ? body : {}) as { code?: string };
  return code !== undefined && call.takes?.includes(code) === true;
}

/** Thrown when the platform says something the outside world did not expect; names the call, never a secret. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
  constructor(what: string, answer: { status: number; body: unknown }) {
    super(`${what}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`);
  }
}

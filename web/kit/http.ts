/** A refusal as the platform says it (RFC 9457), in the language of the page. */
export interface ProblemJson {
  status: number;
  code: string;
  title: string;
  detail: string;
  outcome: 'not_executed' | 'unknown';
  request_id: string;
  errors?: { pointer: string; code: string; detail: string }[];
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(readonly problem: ProblemJson) {
    super(problem.detail);
  }
}

/** No answer came: nobody may conclude that nothing happened. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Call {
  body?: unknown;
  /** Made once when the page opens, so that a double tap is one payment. */
  idempotencyKey?: string;
}

/** One API call of a site. `door` goes into `X-Requested-With`, which a foreign page cannot send. */
export async function call<T>(
  door: 'portal' | 'console',
  method: string,
  path: string,
  options: Call = {},
): Promise<T> {
  const headers: Record<string, string> = {
    'X-Requested-With': door,
    'Accept-Language': document.documentElement.lang || 'zh-CN',
  };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (cause) {
    throw new NoAnswer('no answer', { cause });
  }
  if (response.status === 204) return undefined as T;
  const json: unknown = await response.json().catch(() => null);
  if (response.ok) return json as T;
  if (isProblem(json)) throw new ApiProblem(json);
  throw new NoAnswer(`answer ${response.status} without a problem body`);
}

function isProblem(value: unknown): value is ProblemJson {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

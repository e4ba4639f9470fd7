import { BOOK, type ErrorCode } from './book';

export type Language = 'zh-CN' | 'en';

/** One finding inside a problem; `pointer` is an RFC 6901 JSON pointer into the request body. */
export interface Finding {
  pointer: string;
  code: ErrorCode;
  detail: string;
}

export interface ProblemInput {
  /** One clear sentence in English for this case. Never a full number, account, key or SQL. */
  detail?: string;
  /** The same in Chinese; the book's text is used when absent. */
  detailZh?: string;
  errors?: Finding[];
  /** Seconds. */
  retryAfter?: number;
  /** Extra members of the problem, such as `next_step` or `differing`. */
  extra?: Record<string, unknown>;
}

/** The only error thrown on purpose: a row of the book plus what is special about this case. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ErrorCode,
    readonly input: ProblemInput = {},
    options?: ErrorOptions,
  ) {
    super(input.detail ?? BOOK[code].en, options);
  }
}

/** RFC 9457 body, members in fixed order. */
export function problemBody(
  problem: Problem,
  requestId: string,
  language: Language,
  host: string,
): Record<string, unknown> {
  const row = BOOK[problem.code];
  const zh = language === 'zh-CN';
  return {
    type: `${host}/docs/errors#${problem.code}`,
    title: zh ? row.titleZh : row.title,
    status: row.status,
    detail: zh ? (problem.input.detailZh ?? row.zh) : (problem.input.detail ?? row.en),
    instance: `urn:yidian:request:${requestId}`,
    code: problem.code,
    request_id: requestId,
    outcome: row.outcome,
    retry: row.retry,
    ...(problem.input.errors ? { errors: problem.input.errors } : {}),
    ...(problem.input.extra ?? {}),
  };
}

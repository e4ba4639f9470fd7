import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BOOK, Problem, problemBody, type Finding, type Language } from '@yidian/errors';
import { plainError, type Logger } from '@yidian/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteTable } from './route-table';

/**
 * Turns whatever was thrown into one RFC 9457 problem. Only a Problem speaks for itself; anything unexpected is
 * `internal` with outcome unknown, logged without SQL, and tells the caller nothing about our inside.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly host: string,
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, context: ArgumentsHost): void {
    if (context.getType() !== 'http') throw thrown;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    this.tell(thrown, request, reply);
  }

  /** The answer to a request whose handler threw this. */
  tell(thrown: unknown, request: Asked, reply: Answering): void {
    const problem = this.problemOf(thrown, request, reply);
    if (problem.code === 'internal') {
      this.logger.error(
        { requestId: request.requestId, route: request.routeOptions.url, err: plainError(thrown) },
        'internal error',
      );
    }
    sendProblem(problem, request, reply, this.host);
  }

  private problemOf(thrown: unknown, request: Asked, reply: Answering): Problem {
    if (thrown instanceof Problem) return thrown;
    const status = statusOf(thrown);
    if (status === 413) return tooLarge(request.routeOptions.bodyLimit);
    if (status === 415) return new Problem('json_invalid', { detail: 'The content type must be application/json.' });
    if (status === 404) {
      const methods = this.routes.methodsOf(request.url);
      if (methods.length === 0 || methods.includes(request.method)) return new Problem('not_found');
      void reply.header('allow', methods.join(', '));
      return new Problem('method_not_allowed');
    }
    if (status !== undefined && status >= 400 && status < 500) return new Problem('field_invalid');
    return new Problem('internal', {}, { cause: thrown });
  }
}

/** Doors differ in what they take. */
function tooLarge(limit: number): Problem {
  const most = limit % 1024 === 0 ? `${limit / 1024} KiB` : `${limit / 1_000_000} MB`;
  return new Problem('body_too_large', { detail: `The body is over ${most}.`, detailZh: `正文超过 ${most}。` });
}

/** Status of Nest's own and Fastify's own exceptions. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const code = (thrown as { code?: unknown; statusCode?: unknown } | null) ?? {};
  if (typeof code.code === 'string' && code.code.startsWith('FST_') && typeof code.statusCode === 'number') {
    return code.statusCode;
  }
  return undefined;
}

/** What an answer needs to know of its request. */
export type Told = Pick<FastifyRequest, 'requestId' | 'language'>;

interface Asked extends Told {
  readonly method: string;
  readonly url: string;
  readonly routeOptions: { readonly url?: string | undefined; readonly bodyLimit: number };
}

/** Fastify's reply, or what stands for it. */
export interface Answering {
  readonly sent: boolean;
  code(status: number): Answering;
  header(name: string, value: string): Answering;
  send(body: string): unknown;
}

export function sendProblem(problem: Problem, request: Told, reply: Answering, host: string): void {
  if (reply.sent) return;
  const { status } = BOOK[problem.code];
  if (problem.input.retryAfter !== undefined) {
    void reply.header('retry-after', String(Math.max(1, Math.ceil(problem.input.retryAfter))));
  } else if (status === 503 || status === 429) {
    void reply.header('retry-after', '1');
  }
  void reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', request.language)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemFor(problem, request, host)));
}

/** The problem as the caller of this request reads it. */
export function problemFor(problem: Problem, { requestId, language }: Told, host: string): Record<string, unknown> {
  return problemBody(localised(problem, language), requestId, language, host);
}

/** Findings that only repeat the book speak the caller's language too. */
function localised(problem: Problem, language: Language): Problem {
  const findings = problem.input.errors;
  if (language !== 'zh-CN' || !findings) return problem;
  const errors = findings.map((finding): Finding => {
    const row = BOOK[finding.code];
    return finding.detail === row.en ? { ...finding, detail: row.zh } : finding;
  });
  return new Problem(problem.code, { ...problem.input, errors });
}

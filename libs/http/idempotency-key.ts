import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { FastifyRequest } from 'fastify';

/**
 * The key of a request that changes something: 1 to 255 visible ASCII characters, bare or as a structured-field string.
 * `"a"` and `a` are the same key.
 * @throws Problem idempotency_key_missing
 */
export function parseIdempotencyKey(header: string | string[] | undefined): string {
  if (typeof header !== 'string') throw new Problem('idempotency_key_missing');
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(header.trim());
  const key = quoted ? (quoted[1] ?? '').replace(/\\(["\\])/g, '$1') : header.trim();
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new Problem('idempotency_key_missing');
  return key;
}

/** `@IdempotencyKey() key: string` in a handler; absent or malformed → idempotency_key_missing. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIdempotencyKey(context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key']),
);

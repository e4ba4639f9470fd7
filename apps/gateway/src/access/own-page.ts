import { Problem } from '@yidian/errors';
import type { FastifyRequest } from 'fastify';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A foreign page can make a browser send our cookie, but it cannot set this header without a CORS permission that we
 * never give.
 * @throws Problem session_required
 */
export function assertOwnPage(request: FastifyRequest, page: 'portal' | 'console'): void {
  if (READS.has(request.method) || request.headers['x-requested-with'] === page) return;
  throw new Problem('session_required', { detail: `Requests that change something carry X-Requested-With: ${page}.` });
}

import type { Language } from '@yidian/errors';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Exact bytes of the body as received; signatures are checked over them. */
    rawBody: Buffer | null;
    /** Ours, on every answer as `Request-Id`. */
    requestId: string;
    /** The caller's `X-Request-Id`, for correlation in logs only. */
    callerRequestId: string | null;
    language: Language;
  }
}

/** Address the caller used, as the outside sees us: what `@target-uri` means behind a proxy. */
export function targetUri(publicUrl: string, request: FastifyRequest): string {
  return publicUrl.replace(/\/+$/, '') + (request.raw.url ?? '/');
}

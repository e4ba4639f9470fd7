import type { Language } from '@yidian/errors';
import type { VerifyingKey } from '@yidian/security';
import type { DirectPosts } from './direct';

declare module 'fastify' {
  interface FastifyInstance {
    direct: DirectPosts;
  }
  interface FastifyRequest {
    /** Exact bytes of the body as received; signatures are checked over them. */
    rawBody: Buffer | null;
    /** Ours, on every answer as `Request-Id`. */
    requestId: string;
    /** The caller's `X-Request-Id`, for correlation in logs only. */
    callerRequestId: string | null;
    language: Language;
    /** The key under which the request's signature held; absent until it has. */
    signedBy?: VerifyingKey | undefined;
  }
}

let lastBase = { publicUrl: '', base: '' };

/** Address the caller used, as the outside sees us: what `@target-uri` means behind a proxy. */
export function targetUri(publicUrl: string, request: { readonly url: string }): string {
  // A process has one public address; it is trimmed once.
  if (lastBase.publicUrl !== publicUrl) lastBase = { publicUrl, base: publicUrl.replace(/\/+$/, '') };
  return lastBase.base + request.url;
}

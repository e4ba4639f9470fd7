import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  SIGNATURE_WINDOW,
  SignatureError,
  signResponse,
  type SigningKey,
  verifyRequest,
  type RequestMessage,
} from '@yidian/security';
import type { GatewayKeys } from './our-keys';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's exact bytes. */
    wireBody: Buffer | null;
  }
}

/** Signatures are over bytes: JSON is parsed from the kept bytes, never the other way round. */
export function keepRawBodies(app: FastifyInstance): void {
  app.decorateRequest('wireBody', null);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.wireBody = body as Buffer;
    try {
      done(null, (body as Buffer).length === 0 ? undefined : JSON.parse((body as Buffer).toString('utf8')));
    } catch {
      done(Object.assign(new Error('not JSON'), { statusCode: 400 }));
    }
  });
}

/** Lets in only what the platform signed, once per nonce, and signs every answer with the provider's key. */
export function guardDoor(app: FastifyInstance, keys: Pick<GatewayKeys, 'find'>, ownKey: SigningKey): void {
  const nonces = new NonceMemory();
  app.addHook('preHandler', async (request, answer) => {
    try {
      const claim = await verifyRequest(messageOf(request), keys.find);
      if (!nonces.first(`${claim.keyId}/${claim.nonce}`)) await answer.code(401).send({ code: 'nonce_reused' });
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      await answer.code(401).send({ code: error.fault, detail: error.message });
    }
  });
  app.addHook('onSend', async (request, answer: FastifyReply, payload) => {
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : '';
    const response = { status: answer.statusCode, headers: {}, body, request: messageOf(request) };
    void answer.headers(signResponse(response, ownKey));
    return payload;
  });
}

function messageOf(request: FastifyRequest): RequestMessage {
  const { method, headers } = request;
  return { method, url: `http://${headers.host ?? ''}${request.url}`, headers, body: request.wireBody ?? '' };
}

/** Remembers nonces for as long as a signature is believed. */
class NonceMemory {
  private readonly seen = new Map<string, number>();

  first(nonce: string): boolean {
    const now = Date.now();
    const name = createHash('sha256').update(nonce).digest('base64');
    if (this.seen.has(name)) return false;
    for (const [old, at] of this.seen) {
      if (now - at < 2 * SIGNATURE_WINDOW * 1000) break;
      this.seen.delete(old);
    }
    this.seen.set(name, now);
    return true;
  }
}

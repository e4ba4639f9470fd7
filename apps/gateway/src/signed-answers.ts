import { targetUri } from '@yidian/http';
import { signResponse, type RequestMessage, type SigningKey } from '@yidian/security';
import type { FastifyInstance } from 'fastify';

/**
 * Signs the answer to every request that came with a signature, refusals included: a caller that believes only signed
 * answers must be able to believe a refusal too.
 */
export function signAnswers(instance: FastifyInstance, key: SigningKey, publicUrl: string): void {
  instance.addHook('onSend', async (request, reply, payload) => {
    if (request.headers['signature-input'] === undefined) return payload;
    if (payload !== null && payload !== undefined && typeof payload !== 'string' && !Buffer.isBuffer(payload))
      return payload;
    const asked: RequestMessage = {
      method: request.method,
      url: targetUri(publicUrl, request),
      headers: request.headers,
    };
    const answer = { status: reply.statusCode, headers: {}, body: payload ?? '', request: asked };
    void reply.headers(signResponse(answer, key));
    return payload;
  });
}

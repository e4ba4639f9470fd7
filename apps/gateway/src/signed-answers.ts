import { targetUri, type HttpServer } from '@yidian/http';
import { signResponse, type RequestMessage, type SigningKey } from '@yidian/security';
import type { FastifyRequest } from 'fastify';

/**
 * Signs the answer to every request that came with a signature, refusals included: a caller that believes only signed
 * answers must be able to believe a refusal too. Once a request has proved to come from the holder of a shared secret, its
 * answer is signed with that secret: the two of them already trust it, and an Ed25519 signature costs ten times as much.
 * A shared-secret answer cannot pass for a request: it covers `@status`, which no request has.
 */
export function signAnswers(
  { instance }: Pick<HttpServer, 'instance'>,
  ourKey: SigningKey,
  publicUrl: string,
): AnswerSigner {
  const sign: AnswerSigner = (request, status, body) => {
    const asked: RequestMessage = {
      method: request.method,
      url: targetUri(publicUrl, request),
      headers: request.headers,
    };
    const key = request.signedBy?.alg === 'hmac-sha256' ? request.signedBy : ourKey;
    return signResponse({ status, headers: {}, body, request: asked }, key);
  };
  instance.addHook('onSend', (request, reply, payload, done) => {
    if (request.headers['signature-input'] === undefined || !isWhole(payload)) return done(null, payload);
    void reply.headers(sign(request, reply.statusCode, payload ?? ''));
    done(null, payload);
  });
  return sign;
}

/** The fields that sign one answer. */
export type AnswerSigner = (
  request: Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'signedBy'>,
  status: number,
  body: string | Buffer,
) => Record<string, string>;

/** A stream's bytes are not known before they are sent. */
const isWhole = (payload: unknown): payload is string | Buffer | null | undefined =>
  payload === null || payload === undefined || typeof payload === 'string' || Buffer.isBuffer(payload);

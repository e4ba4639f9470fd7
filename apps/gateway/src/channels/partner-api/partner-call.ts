import type { FastifyRequest } from 'fastify';
import type { PartnerCaller } from '../../access';

/** What the method of a hot route is given: everything that was checked. */
export interface PartnerCall<B> {
  partner: PartnerCaller;
  /** Without quotes. */
  idempotencyKey: string;
  body: B;
  /** For how to speak to the caller: language and request id. */
  request: Pick<FastifyRequest, 'requestId' | 'language'>;
}

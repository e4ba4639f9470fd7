import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { targetUri } from '@yidian/http';
import { assertSigned, claimOfRequest, SignatureError, type RequestMessage } from '@yidian/security';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG } from '../platform';
import type { PartnerCaller, Scope } from './caller';
import { NonceGate } from './nonce-gate';
import { addressAllowed, BURST_SECONDS, Partners } from './partners';

/** A request at this door, whatever way it came in. `signedBy` is set as soon as the signature has held. */
export type SignedCall = Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'rawBody' | 'ip' | 'signedBy'>;

/** Takes the fields that tell a partner what is left of its share. */
export interface SignedAnswer {
  header(name: string, value: string): unknown;
}

/** RFC 9421 signatures of partners. Order: window, signature, address, nonce and rate; cheap and harmless first. */
@Injectable()
export class SignedDoor {
  constructor(
    private readonly partners: Partners,
    private readonly gate: NonceGate,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * Signature first, then scope: a stranger learns nothing about what a key may do.
   * @param needed the partner needs at least one of them; none named: any partner
   */
  enter(request: SignedCall, reply: SignedAnswer, needed: readonly Scope[]): Promise<PartnerCaller> {
    return this.admit(request, reply, needed.includes('numbers:query') ? 'numbers' : 'calls', needed);
  }

  /** @throws Problem for anything but a valid, fresh, permitted signature */
  async admit(
    request: SignedCall,
    reply: SignedAnswer,
    bucket: 'calls' | 'numbers',
    needed: readonly Scope[] = [],
  ): Promise<PartnerCaller> {
    const message: RequestMessage = {
      method: request.method,
      url: targetUri(this.config.PUBLIC_URL, request),
      headers: request.headers,
      body: request.rawBody ?? undefined,
    };
    const claim = this.plainly(() => claimOfRequest(message));
    this.assertMode(claim.keyId);
    const found = this.partners.findKey(claim.keyId);
    const known = found instanceof Promise ? await found : found;
    this.plainly(() => assertSigned(message, claim, known?.key));
    if (!known) throw new Problem('key_unknown');
    request.signedBy = known.key;
    const { partner } = known;
    if (partner.state !== 'active') throw new Problem('key_unknown', { detail: 'The partner is stopped.' });
    if (known.addresses && !addressAllowed(known.addresses, request.ip)) throw new Problem('ip_not_allowed');
    const share = known.shares[bucket];
    const state = await this.gate.pass({
      share,
      keyId: claim.keyId,
      nonce: claim.nonce,
      created: claim.created,
      guarded: request.method === 'GET' || request.headers['idempotency-key'] !== undefined,
    });
    void reply.header('ratelimit-policy', `"${bucket}";q=${share.rate.burst};w=${BURST_SECONDS}`);
    void reply.header('ratelimit', `"${bucket}";r=${state.remaining};t=${BURST_SECONDS}`);
    assertScope(known.caller, needed);
    return known.caller;
  }

  private plainly<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      throw error instanceof SignatureError ? this.problemOf(error) : error;
    }
  }

  /** Test and live are separate installations; a key says by its name which one it is for. */
  private assertMode(keyId: string): void {
    if (keyId.startsWith(this.config.MODE === 'live' ? 'test_' : 'live_')) throw new Problem('key_wrong_mode');
  }

  /** In test mode the engineer sees the base we built and finds the differing line; in live mode only its hash. */
  private problemOf(error: SignatureError): Problem {
    const shown =
      error.base === undefined
        ? {}
        : this.config.livemode
          ? { signature_base_sha256: createHash('sha256').update(error.base).digest('hex') }
          : { signature_base: error.base };
    return new Problem(error.fault, { detail: sentence(error.message), extra: shown }, { cause: error });
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function assertScope({ scopes }: PartnerCaller, needed: readonly Scope[]): void {
  if (needed.length === 0 || needed.some((scope) => scopes.includes(scope))) return;
  throw new Problem('scope_missing', { detail: `This needs the scope ${needed.join(' or ')}.` });
}

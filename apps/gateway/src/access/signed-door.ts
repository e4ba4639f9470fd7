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
import { addressAllowed, Partners, type KnownKey } from './partners';
import { ceilingOf } from './partners.store';

/** What a partner may spend at once: so many seconds' worth of its rate. */
const BURST_SECONDS = 2;

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
  async enter(request: SignedCall, reply: SignedAnswer, needed: readonly Scope[]): Promise<PartnerCaller> {
    const caller = await this.admit(request, reply, needed.includes('numbers:query') ? 'numbers' : 'calls');
    if (needed.length > 0 && !needed.some((scope) => caller.scopes.includes(scope))) {
      throw new Problem('scope_missing', { detail: `This needs the scope ${needed.join(' or ')}.` });
    }
    return caller;
  }

  /** @throws Problem for anything but a valid, fresh, permitted signature */
  async admit(request: SignedCall, reply: SignedAnswer, bucket: 'calls' | 'numbers'): Promise<PartnerCaller> {
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
    const perSecond = bucket === 'numbers' ? partner.numbersPerSecond : partner.callsPerSecond;
    const rate = { perSecond, burst: perSecond * BURST_SECONDS };
    const state = await this.gate.pass({
      partner: partner.id,
      keyId: claim.keyId,
      nonce: claim.nonce,
      created: claim.created,
      bucket,
      rate,
      guarded: request.method === 'GET' || request.headers['idempotency-key'] !== undefined,
    });
    void reply.header('ratelimit-policy', `"${bucket}";q=${rate.burst};w=${BURST_SECONDS}`);
    void reply.header('ratelimit', `"${bucket}";r=${state.remaining};t=${BURST_SECONDS}`);
    return callerOf(known, claim.keyId);
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
    const mode = /^(test|live)_/.exec(keyId)?.[1];
    if (mode !== undefined && mode !== this.config.MODE) throw new Problem('key_wrong_mode');
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

function callerOf({ partner }: KnownKey, keyId: string): PartnerCaller {
  return {
    kind: 'partner',
    id: partner.id,
    keyId,
    provider: partner.provider,
    scopes: partner.scopes,
    acquiringBranch: partner.acquiringBranch,
    exposureLimit: ceilingOf(partner),
    exposureHeld: partner.exposureBasis !== 'date',
  };
}

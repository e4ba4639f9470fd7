import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { type VerifyingKey, verifyingKey } from '@yidian/security';

interface Jwk extends JsonWebKey {
  kid?: string;
  alg?: string;
}

/** The gateway's published keys, fetched when an id is asked for that is not known yet. */
export class GatewayKeys {
  private readonly known = new Map<string, VerifyingKey>();
  private fetching: Promise<void> | null = null;

  constructor(private readonly gatewayUrl: string) {}

  readonly find = async (keyId: string): Promise<VerifyingKey | undefined> => {
    if (!this.known.has(keyId)) {
      this.fetching ??= this.refresh().finally(() => (this.fetching = null));
      await this.fetching;
    }
    return this.known.get(keyId);
  };

  private async refresh(): Promise<void> {
    const url = `${this.gatewayUrl}/.well-known/jwks.json`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (!answer?.ok) return;
    const { keys } = (await answer.json()) as { keys: Jwk[] };
    for (const jwk of keys) {
      if (jwk.kid === undefined) continue;
      const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
      this.known.set(jwk.kid, verifyingKey(jwk.kid, jwk.kty === 'OKP' ? 'ed25519' : 'rsa-pss-sha512', pem));
    }
  }
}

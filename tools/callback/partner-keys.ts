import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SIGNATURE_ALGORITHMS, verifyingKey, type SignatureAlgorithm, type VerifyingKey } from '@yidian/security';
import { z } from 'zod';
import { Unusable } from './options';
import { issueOf } from './read-request';

/** A key of an algorithm that we take from nobody: what it signs is refused, and the refusal names the algorithm. */
export interface ForeignKey {
  keyId: string;
  foreign: string;
}
export type PartnerKey = VerifyingKey | ForeignKey;

const text = z.string().min(1);
const given = z.looseObject({
  keyId: text.optional(),
  kid: text.optional(),
  alg: text.optional(),
  material: text.optional(),
  publicKeyPem: text.optional(),
  jwk: z.looseObject({ kty: text, kid: text.optional(), alg: text.optional() }).optional(),
  kty: text.optional(),
});
type Given = z.output<typeof given>;

/** Names of RFC 7518 and RFC 8037 beside those of RFC 9421. */
const JWK_NAMES: Readonly<Record<string, SignatureAlgorithm>> = {
  EdDSA: 'ed25519',
  Ed25519: 'ed25519',
  PS512: 'rsa-pss-sha512',
  ES256: 'ecdsa-p256-sha256',
  HS256: 'hmac-sha256',
};

/**
 * Keys as a list of {keyId, alg, material}, of JWKs, of both, or as a JWK set. `alg` may be left out where the key itself
 * tells it.
 * @throws Unusable naming the key, never its value
 */
export function partnerKeys(file: unknown): PartnerKey[] {
  const list = Array.isArray(file) ? file : (file as { keys?: unknown } | null)?.keys;
  const read = z.array(given).min(1).safeParse(list);
  if (!read.success)
    throw new Unusable(`The keys are no list of {keyId, alg, material} and no JWK set: ${issueOf(read.error)}`);
  return read.data.map(oneKey);
}

function oneKey(entry: Given, at: number): PartnerKey {
  const jwk = entry.jwk ?? (entry.kty === undefined ? undefined : entry);
  const keyId = entry.keyId ?? entry.kid ?? jwk?.kid;
  if (keyId === undefined) throw new Unusable(`The keys: ${at} has no keyId`);
  try {
    const { material, kind } = jwk ? ofJwk(jwk) : ofText(entry);
    const named = entry.alg ?? jwk?.alg;
    const alg = named === undefined ? kind() : (JWK_NAMES[named] ?? named);
    return isOurs(alg) ? verifyingKey(keyId, alg, material) : { keyId, foreign: alg };
  } catch (error) {
    throw new Unusable(`The key ${keyId} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isOurs = (alg: string): alg is SignatureAlgorithm => (SIGNATURE_ALGORITHMS as readonly string[]).includes(alg);

interface Material {
  /** As partners hand it in: PEM, or base64 of a shared secret. */
  material: string;
  /** The algorithm when nobody named one. */
  kind: () => string;
}

function ofText({ material = '', publicKeyPem = material }: Given): Material {
  if (publicKeyPem === '') throw new Error('material is missing');
  const isPem = publicKeyPem.includes('-----BEGIN');
  return { material: publicKeyPem, kind: () => (isPem ? algorithmOf(createPublicKey(publicKeyPem)) : 'hmac-sha256') };
}

function ofJwk(jwk: JsonWebKey): Material {
  if (jwk.kty === 'oct')
    return { material: Buffer.from(jwk.k ?? '', 'base64url').toString('base64'), kind: () => 'hmac-sha256' };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return { material: key.export({ type: 'spki', format: 'pem' }).toString(), kind: () => algorithmOf(key) };
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  if (type === 'ed25519') return 'ed25519';
  if (type === 'rsa' || type === 'rsa-pss') return 'rsa-pss-sha512';
  return details?.namedCurve === 'prime256v1'
    ? 'ecdsa-p256-sha256'
    : `${type ?? 'unknown'} ${details?.namedCurve ?? ''}`.trim();
}

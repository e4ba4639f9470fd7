import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  sign as rawSign,
  timingSafeEqual,
  verify as rawVerify,
  type KeyObject,
} from 'node:crypto';
import { hmacOf } from './prepared-hmac';
import { sm2Sign, sm2Verify } from './sm2';
import { sm2Point, sm2PrivateKey, sm2PublicKey } from './sm2-keys';

/**
 * RFC 9421 §3.3 names; `sm2-sm3` is ours for the national algorithm: r ‖ s under the default id. `rsa-v1_5-sha256` is left
 * out on purpose: its padding is the weaker one of RSA.
 */
export const SIGNATURE_ALGORITHMS = [
  'ed25519',
  'rsa-pss-sha512',
  'ecdsa-p256-sha256',
  'hmac-sha256',
  'sm2-sm3',
] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

export interface SigningKey {
  keyId: string;
  alg: SignatureAlgorithm;
  /** Private or secret key. */
  key: KeyObject;
}
export interface VerifyingKey {
  keyId: string;
  alg: SignatureAlgorithm;
  /** Public or secret key. */
  key: KeyObject;
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
/** RFC 9421 §3.3.4: r ‖ s, not DER. */
const P1363 = { dsaEncoding: 'ieee-p1363' } as const;

/** In base64. An HMAC takes and gives text as it is: no buffer is made for it. */
export function signText(key: SigningKey, text: string): string {
  if (key.alg === 'hmac-sha256') return hmacOf(key.key).of(text, 'base64');
  return signBytes(key, Buffer.from(text)).toString('base64');
}

export function verifyText(key: VerifyingKey, text: string, signature: Buffer): boolean {
  if (key.alg === 'hmac-sha256') return hmacOf(key.key).holds(text, signature);
  return verifyBytes(key, Buffer.from(text), signature);
}

export function signBytes(key: SigningKey, data: Buffer): Buffer {
  switch (key.alg) {
    case 'ed25519':
      return rawSign(null, data, key.key);
    case 'rsa-pss-sha512':
      return rawSign('sha512', data, { key: key.key, ...PSS });
    case 'ecdsa-p256-sha256':
      return rawSign('sha256', data, { key: key.key, ...P1363 });
    case 'hmac-sha256':
      return createHmac('sha256', key.key).update(data).digest();
    case 'sm2-sm3':
      return sm2Sign(data, key.key);
  }
}

/** Never throws for a wrong signature, whatever its length. */
export function verifyBytes(key: VerifyingKey, data: Buffer, signature: Buffer): boolean {
  switch (key.alg) {
    case 'ed25519':
      return rawVerify(null, data, key.key, signature);
    case 'rsa-pss-sha512':
      return rawVerify('sha512', data, { key: key.key, ...PSS }, signature);
    case 'ecdsa-p256-sha256':
      return rawVerify('sha256', data, { key: key.key, ...P1363 }, signature);
    case 'hmac-sha256':
      return sameBytes(createHmac('sha256', key.key).update(data).digest(), signature);
    case 'sm2-sm3':
      return sm2Verify(data, signature, key.key);
  }
}

const sameBytes = (ours: Buffer, theirs: Buffer): boolean =>
  ours.length === theirs.length && timingSafeEqual(ours, theirs);

/** Parsing a PEM costs more than verifying with it; the number kept is bounded. */
const parsed = new Map<string, KeyObject>();
const MAX_PARSED = 2_000;

/**
 * Public key in PEM (SPKI), or for HMAC the shared secret in base64; of SM2 also the point in hex.
 * @throws Error when the material is not a key of the algorithm, or too weak
 */
export function verifyingKey(keyId: string, alg: SignatureAlgorithm, material: string): VerifyingKey {
  const name = `${alg}\n${material}`;
  let key = parsed.get(name);
  if (!key) {
    key = publicOf(alg, material);
    assertKind(key, alg);
    if (parsed.size >= MAX_PARSED) parsed.delete(parsed.keys().next().value ?? '');
    parsed.set(name, key);
  }
  return { keyId, alg, key };
}

/** Private key in PEM (PKCS#8), or for HMAC the shared secret in base64; of SM2 also the number in hex. */
export function signingKey(keyId: string, alg: SignatureAlgorithm, material: string): SigningKey {
  const key = privateOf(alg, material);
  assertKind(key, alg);
  return { keyId, alg, key };
}

function publicOf(alg: SignatureAlgorithm, material: string): KeyObject {
  if (alg === 'hmac-sha256') return sharedSecret(material);
  return alg === 'sm2-sm3' ? sm2PublicKey(material) : createPublicKey(material);
}

function privateOf(alg: SignatureAlgorithm, material: string): KeyObject {
  if (alg === 'hmac-sha256') return sharedSecret(material);
  return alg === 'sm2-sm3' ? sm2PrivateKey(material) : createPrivateKey(material);
}

function sharedSecret(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 32) throw new Error('a shared secret has at least 32 bytes');
  return createSecretKey(bytes);
}

function assertKind(key: KeyObject, alg: SignatureAlgorithm): void {
  const kind = key.type === 'secret' ? 'hmac' : key.asymmetricKeyType;
  const fits =
    (alg === 'hmac-sha256' && kind === 'hmac') ||
    (alg === 'ed25519' && kind === 'ed25519') ||
    (alg === 'rsa-pss-sha512' && (kind === 'rsa' || kind === 'rsa-pss')) ||
    (alg === 'ecdsa-p256-sha256' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') ||
    (alg === 'sm2-sm3' && sm2Point(key) !== '');
  if (!fits) throw new Error(`the key is not one of ${alg}`);
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2_048) throw new Error('an RSA key has at least 2048 bits');
}

export interface KeyPairPem {
  privateKeyPem: string;
  publicKeyPem: string;
}

export function newEd25519(): KeyPairPem {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Names of RFC 7518 and RFC 8037; what has none is told by its key type alone. */
const JWK_ALGORITHMS: Partial<Record<SignatureAlgorithm, string>> = {
  ed25519: 'EdDSA',
  'rsa-pss-sha512': 'PS512',
  'ecdsa-p256-sha256': 'ES256',
};

/**
 * One entry of a JWK set (RFC 7517, RFC 8037), of a private key its public half.
 * @throws Error for a shared secret, which is nobody else's
 */
export function publicJwk({ key, keyId, alg }: SigningKey | VerifyingKey): Record<string, unknown> {
  if (key.type === 'secret') throw new Error('a shared secret is not published');
  const jwk = (key.type === 'public' ? key : createPublicKey(key)).export({ format: 'jwk' });
  const named = JWK_ALGORITHMS[alg];
  return { ...jwk, kid: keyId, use: 'sig', ...(named ? { alg: named } : {}) };
}

import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { DER_BITS, DER_INTEGER, DER_OCTETS, DER_OID, DER_SEQUENCE, derEncode, derInteger, derSequence } from './der';

/**
 * Keys of SM2 (GB/T 32918) as the two libraries want them: Node holds them (PKCS#8 and SPKI, so that nothing else changes),
 * sm-crypto signs with the bare numbers.
 */
const EC_PUBLIC_KEY = Buffer.from('2a8648ce3d0201', 'hex');
/** 1.2.156.10197.1.301 */
const SM2_CURVE = Buffer.from('2a811ccf5501822d', 'hex');
const ALGORITHM = derEncode(DER_SEQUENCE, derEncode(DER_OID, EC_PUBLIC_KEY), derEncode(DER_OID, SM2_CURVE));

const isPem = (material: string): boolean => material.includes('-----BEGIN ');
const hexOf = (material: string): string => material.trim().toLowerCase();

/**
 * @param material PEM (PKCS#8 or `EC PRIVATE KEY`), or the secret number as 64 hex digits
 * @throws Error when it is no private key on the curve of SM2
 */
export function sm2PrivateKey(material: string): KeyObject {
  const key = createPrivateKey(
    isPem(material) ? material : { key: pkcs8(hexOf(material)), format: 'der', type: 'pkcs8' },
  );
  sm2Secret(key);
  return key;
}

/**
 * @param material PEM (`PUBLIC KEY` or `CERTIFICATE`), or the point as hex: 04 ‖ x ‖ y, x ‖ y, or compressed
 * @throws Error when it is no point on the curve of SM2
 */
export function sm2PublicKey(material: string): KeyObject {
  if (material.includes('-----BEGIN CERTIFICATE')) return checked(new X509Certificate(material).publicKey);
  if (isPem(material)) return checked(createPublicKey(material));
  return checked(createPublicKey({ key: spki(wholePoint(hexOf(material))), format: 'der', type: 'spki' }));
}

/** From the DER of a SubjectPublicKeyInfo. @throws Error */
export const sm2PublicKeyOfSpki = (der: Buffer): KeyObject =>
  checked(createPublicKey({ key: der, format: 'der', type: 'spki' }));

const points = new WeakMap<KeyObject, string>();
const secrets = new WeakMap<KeyObject, string>();

/** 04 ‖ x ‖ y in hex, of a public or of a private key. @throws Error when the key is on another curve */
export function sm2Point(key: KeyObject): string {
  const known = points.get(key);
  if (known !== undefined) return known;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const [algorithm, bits] = derSequence(publicKey.export({ type: 'spki', format: 'der' }));
  if (!algorithm?.whole.equals(ALGORITHM) || bits?.tag !== DER_BITS) throw new Error('the key is not one of SM2');
  const point = wholePoint(bits.content.subarray(1).toString('hex'));
  points.set(key, point);
  return point;
}

/** The secret number in hex. @throws Error when the key is on another curve */
export function sm2Secret(key: KeyObject): string {
  const known = secrets.get(key);
  if (known !== undefined) return known;
  sm2Point(key);
  const octets = derSequence(key.export({ type: 'pkcs8', format: 'der' }))[2];
  const number = octets?.tag === DER_OCTETS ? derSequence(octets.content)[1] : undefined;
  if (number?.tag !== DER_OCTETS) throw new Error('the key is not one of SM2');
  const secret = number.content.toString('hex').padStart(64, '0');
  secrets.set(key, secret);
  return secret;
}

function checked(key: KeyObject): KeyObject {
  sm2Point(key);
  return key;
}

function wholePoint(hex: string): string {
  const point = hex.length === 128 ? `04${hex}` : hex;
  if (!/^(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/.test(point)) throw new Error('not a point in hex');
  if (!sm2.verifyPublicKey(point)) throw new Error('not a point of SM2');
  return point.startsWith('04') ? point : sm2.precomputePublicKey(point).toHex(false);
}

const spki = (point: string): Buffer =>
  derEncode(DER_SEQUENCE, ALGORITHM, derEncode(DER_BITS, Buffer.from([0]), Buffer.from(point, 'hex')));

function pkcs8(secret: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(secret)) throw new Error('a secret number has 64 hex digits');
  const point = Buffer.from(sm2.getPublicKeyFromPrivateKey(secret), 'hex');
  const inner = derEncode(
    DER_SEQUENCE,
    derInteger(Buffer.from([1])),
    derEncode(DER_OCTETS, Buffer.from(secret, 'hex')),
    derEncode(0xa1, derEncode(DER_BITS, Buffer.from([0]), point)),
  );
  return derEncode(DER_SEQUENCE, derEncode(DER_INTEGER, Buffer.from([0])), ALGORITHM, derEncode(DER_OCTETS, inner));
}

import type { KeyObject } from 'node:crypto';
import { sm2, sm3 as digest } from 'sm-crypto-v2';
import { DER_INTEGER, DER_SEQUENCE, derEncode, derInteger, derSequence } from './der';
import { sm2Point, sm2PrivateKey, sm2PublicKey, sm2Secret } from './sm2-keys';

/**
 * SM2 signatures over SM3 (GB/T 32918.2, GM/T 0003, GM/T 0009). The signer's id is part of what is signed: everybody uses
 * this one unless both sides agreed on another. Node's own SM2 signs with an empty id, which nobody else verifies.
 */
export const SM2_USER_ID = '1234567812345678';

/** `raw`: r ‖ s, 64 bytes; `der`: the sequence of both numbers. */
export type Sm2Form = 'raw' | 'der';

export const sm3 = (data: Buffer): Buffer => Buffer.from(digest(data), 'hex');

export function sm2Sign(data: Buffer, key: KeyObject, form: Sm2Form = 'raw', userId = SM2_USER_ID): Buffer {
  const options = { hash: true, userId, publicKey: sm2Point(key) };
  const raw = Buffer.from(sm2.doSignature(data, sm2Secret(key), options), 'hex');
  return form === 'raw' ? raw : toDer(raw);
}

/** Never throws for a wrong signature, whatever its length. */
export function sm2Verify(
  data: Buffer,
  signature: Buffer,
  key: KeyObject,
  form: Sm2Form = 'raw',
  userId = SM2_USER_ID,
): boolean {
  try {
    const raw = form === 'raw' ? signature : fromDer(signature);
    if (raw.length !== 64) return false;
    return sm2.doVerifySignature(data, raw.toString('hex'), sm2Point(key), { hash: true, userId });
  } catch {
    return false;
  }
}

const toDer = (raw: Buffer): Buffer =>
  derEncode(DER_SEQUENCE, derInteger(raw.subarray(0, 32)), derInteger(raw.subarray(32)));

/** @throws Error when it is not the one way to write two numbers of at most 32 bytes */
function fromDer(der: Buffer): Buffer {
  const numbers = derSequence(der);
  if (numbers.length !== 2) throw new Error('a signature is two numbers');
  return Buffer.concat(
    numbers.map(({ tag, content, whole }) => {
      const bytes = content[0] === 0 ? content.subarray(1) : content;
      if (tag !== DER_INTEGER || bytes.length > 32 || !derInteger(bytes).equals(whole)) throw new Error('not a number');
      return Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]);
    }),
  );
}

/** As `newEd25519`: PKCS#8 and SPKI in PEM. */
export function newSm2(): { privateKeyPem: string; publicKeyPem: string } {
  const pair = sm2.generateKeyPairHex();
  return {
    privateKeyPem: sm2PrivateKey(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: sm2PublicKey(pair.publicKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

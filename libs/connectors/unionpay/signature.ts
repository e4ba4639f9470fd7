import { createHash, createSign, createVerify, type KeyObject } from 'node:crypto';
import { sm2Sign, sm2Verify, sm3, type Sm2Form } from '@yidian/security';
import { canonicalBase64, type CallbackFault, type Verdict } from '../contract';
import type { Fields } from './fields';
import type { Trust } from './trust';

/**
 * Version 5.1.0: all fields but `signature`, sorted by name and joined, are hashed; the hash, written in lower-case hex, is
 * what is signed. 01 hashes with SHA-256 and signs with RSA, 21 hashes with SM3 and signs with SM2. Fails closed.
 */
export const VERSION = '5.1.0';
export type SignMethod = '01' | '21';

/** Fields without a value are not sent, so they are not signed. */
export function signedText(fields: Fields, withEmpty = false): string {
  return [...fields]
    .filter(([name, value]) => name !== 'signature' && (withEmpty || value !== ''))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const hashed = (text: string, method: SignMethod): Buffer =>
  method === '01'
    ? Buffer.from(createHash('sha256').update(text).digest('hex'))
    : Buffer.from(sm3(Buffer.from(text)).toString('hex'));

export interface Signer {
  method: SignMethod;
  key: KeyObject;
  sm2Form: Sm2Form;
}

/** In base64. */
export function signatureOf(fields: Fields, { method, key, sm2Form }: Signer): string {
  const text = hashed(signedText(fields), method);
  return (method === '01' ? createSign('RSA-SHA256').update(text).sign(key) : sm2Sign(text, key, sm2Form)).toString(
    'base64',
  );
}

/** Who signed these fields, by the agreed method and a certificate that we trust. */
export function verifyFields(fields: Fields, method: SignMethod, trust: Trust, now: Date): Verdict {
  const said = (name: string): string => fields.get(name) ?? '';
  if (said('signature') === '') return refused('signature_missing', 'there is no signature');
  if (said('version') !== VERSION) return refused('algorithm_refused', 'another version signs in another way');
  if (said('signMethod') !== method) return refused('algorithm_refused', 'another method of signing than agreed');
  if (!/^utf-8$/i.test(said('encoding'))) return refused('charset_refused', 'not UTF-8');
  if (said('signPubKeyCert') === '') return refused('key_unknown', 'there is no certificate');
  const trusted = trust.judge(said('signPubKeyCert'), now);
  if (!trusted.trusted) return refused(trusted.fault, trusted.detail);
  const { algorithm, key } = trusted.certificate.key;
  if (algorithm !== (method === '01' ? 'rsa' : 'sm2'))
    return refused('algorithm_refused', 'the certificate is for another method of signing');
  const bytes = canonicalBase64(said('signature'));
  if (!bytes) return refused('signature_invalid', 'the signature is no base64');
  return fits(fields, method, key, bytes) ? { verified: true } : refused('signature_invalid', 'it does not fit');
}

function fits(fields: Fields, method: SignMethod, key: KeyObject, signature: Buffer): boolean {
  const hasEmpty = [...fields.values()].includes('');
  return [false, ...(hasEmpty ? [true] : [])].some((withEmpty) => {
    const text = hashed(signedText(fields, withEmpty), method);
    if (method === '01') return createVerify('RSA-SHA256').update(text).verify(key, signature);
    // The documents leave open how the two numbers are written; either way they are the same two numbers.
    return sm2Verify(text, signature, key, signature.length === 64 ? 'raw' : 'der');
  });
}

const refused = (fault: CallbackFault, detail: string): Verdict => ({ verified: false, fault, detail });

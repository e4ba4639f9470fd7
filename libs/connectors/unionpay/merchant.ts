import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sm2PrivateKey } from '@yidian/security';
import { NotSent } from '../contract';
import { certificatesOf } from './certificates';
import { signatureOf, VERSION, type Signer } from './signature';
import type { UnionPaySettings } from './settings';
import type { Fields } from './fields';

/** Who we are at UnionPay, and our signature. */
export interface Merchant {
  merId: string;
  certId: string;
  signer: Signer;
}

/**
 * @returns null when the settings only verify notifications
 * @throws Error naming the setting that is missing or does not fit
 */
export function merchantOf(settings: UnionPaySettings): Merchant | null {
  const { merId, merchantPrivateKeyPem, merchantCertificatePem, signMethod: method, sm2SignatureForm } = settings;
  if (merchantPrivateKeyPem === undefined) return null;
  if (merId === undefined) throw new Error('merId is missing');
  if (merchantCertificatePem === undefined) throw new Error('merchantCertificatePem is missing');
  const key = keyOf(merchantPrivateKeyPem, method);
  const [certificate] = certificatesOf([merchantCertificatePem]);
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' });
  if (!certificate?.key.key.export({ type: 'spki', format: 'der' }).equals(own))
    throw new Error('merchantCertificatePem is not the certificate of merchantPrivateKeyPem');
  return { merId, certId: certificate.certId, signer: { method, key, sm2Form: sm2SignatureForm } };
}

function keyOf(pem: string, method: Signer['method']): KeyObject {
  if (method === '21') return sm2PrivateKey(pem);
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('merchantPrivateKeyPem is no RSA key');
  return key;
}

/** @throws NotSent when the settings only verify notifications: nothing can have left */
export function required(merchant: Merchant | null): Merchant {
  if (merchant === null) throw new NotSent('UnionPay is set up without merchantPrivateKeyPem');
  return merchant;
}

/** The fields of a request, as they leave: whole and signed. Empty ones are not sent. */
export function signedRequest(merchant: Merchant, asked: Readonly<Record<string, string>>): Map<string, string> {
  const fields = new Map(
    Object.entries({
      version: VERSION,
      encoding: 'UTF-8',
      signMethod: merchant.signer.method,
      certId: merchant.certId,
      merId: merchant.merId,
      ...asked,
    }).filter(([, value]) => value !== ''),
  );
  fields.set('signature', signatureOf(fields, merchant.signer));
  return fields;
}

export const formOf = (fields: Fields): Readonly<Record<string, string>> => Object.fromEntries(fields);

import { createHash, createSign, createVerify, type KeyObject } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { sm2Sign, sm2Verify, sm3 } from '@yidian/security';

/** UnionPay's side of the wire: what it signs, checks and packs. For playing it in tests and in the sandbox. */
export interface PlatformSigner {
  certificatePem: string;
  key: KeyObject;
  method: '01' | '21';
}
export type WireFields = Readonly<Record<string, string>>;

export const UNIONPAY_NAME = '041@8310000000083040@中国银联股份有限公司@00016495';

const textOf = (fields: WireFields): string =>
  Object.keys(fields)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${fields[name] ?? ''}`)
    .join('&');

const digest = (text: string, method: string): Buffer =>
  Buffer.from(
    method === '01' ? createHash('sha256').update(text).digest('hex') : sm3(Buffer.from(text)).toString('hex'),
  );

/** Whole and signed: what an answer or a notification says. Members of `over` are signed as they are given. */
export function platformFields(said: WireFields, signer: PlatformSigner, over: WireFields = {}): WireFields {
  const fields: WireFields = {
    version: '5.1.0',
    encoding: 'UTF-8',
    signMethod: signer.method,
    signPubKeyCert: signer.certificatePem,
    ...said,
    ...over,
  };
  const text = digest(textOf(fields), signer.method);
  const signature =
    signer.method === '01' ? createSign('RSA-SHA256').update(text).sign(signer.key) : sm2Sign(text, signer.key);
  return { ...fields, signature: signature.toString('base64') };
}

/** Answers are not escaped. */
export const answerBody = (fields: WireFields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

export const noticeBody = (fields: WireFields): Buffer => Buffer.from(new URLSearchParams({ ...fields }).toString());

/** Whether a request is the merchant's: its number, its certificate, its signature. */
export function isMerchants(
  fields: WireFields,
  merchant: { merId: string; certId: string; key: KeyObject; method: '01' | '21' },
): boolean {
  const { merId, certId, key, method } = merchant;
  const said = [fields['merId'], fields['certId'], fields['signMethod'], fields['version']];
  if (said.some((value, i) => value !== [merId, certId, method, '5.1.0'][i])) return false;
  const text = digest(textOf(fields), method);
  const signature = Buffer.from(fields['signature'] ?? '', 'base64');
  if (method === '01') return createVerify('RSA-SHA256').update(text).verify(key, signature);
  return sm2Verify(text, signature, key, signature.length === 64 ? 'raw' : 'der');
}

/** `fileContent` of a file transfer. */
export const packedFile = (zip: Buffer): string => deflateSync(zip).toString('base64');

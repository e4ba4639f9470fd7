import { createSign, createVerify, type KeyObject } from 'node:crypto';

/** Alipay's side of the wire: what it signs and what it checks. For playing it in tests and in the sandbox. */
export interface AlipaySigner {
  key: KeyObject;
  /** `alipay_cert_sn` where it signs with a certificate. */
  certSn?: string;
}

export type Fields = Readonly<Record<string, string>>;
export type Digest = 'RSA-SHA256' | 'RSA-SHA1';

const signature = (text: string, key: KeyObject, digest: Digest = 'RSA-SHA256'): string =>
  createSign(digest).update(text, 'utf8').sign(key, 'base64');

/** `k=v&k=v`, sorted; what is empty is left out. */
export const signText = (fields: Fields, without: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => !without.includes(name) && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');

/** The answer to a call: the text of its node is signed as it stands, slashes escaped as Alipay escapes them. */
export function signedAnswer(method: string, node: object, signer: AlipaySigner): string {
  const text = JSON.stringify(node).replaceAll('/', '\\/');
  const certificate = signer.certSn === undefined ? '' : `"alipay_cert_sn":"${signer.certSn}",`;
  return `{"${method.replaceAll('.', '_')}_response":${text},${certificate}"sign":"${signature(text, signer.key)}"}`;
}

export interface NotificationChoice {
  /** Services keep `sign_type` in what is signed; notifications about trades do not. */
  keepsSignType?: boolean;
  signType?: string;
  digest?: Digest;
}

/** A notification as it is posted: a form with its signature. */
export function notification(fields: Fields, key: KeyObject, choice: NotificationChoice = {}): Buffer {
  const all = { ...fields, sign_type: choice.signType ?? 'RSA2' };
  const text = signText(all, choice.keepsSignType ? ['sign'] : ['sign', 'sign_type']);
  const form = new URLSearchParams({ ...all, sign: signature(text, key, choice.digest) });
  return Buffer.from(form.toString());
}

export interface AlipayRequest {
  method: string;
  fields: Fields;
  biz: Readonly<Record<string, unknown>>;
}

/**
 * A call as it arrives, its parameters in the address or in the body.
 * @returns null when the app did not sign it
 */
export function readRequest(query: string, body: string, app: { appId: string; key: KeyObject }): AlipayRequest | null {
  const fields = Object.fromEntries([...new URLSearchParams(query), ...new URLSearchParams(body)]);
  const { app_id: appId, sign = '', method = '', biz_content: biz = '{}' } = fields;
  if (appId !== app.appId || fields['sign_type'] !== 'RSA2' || fields['version'] !== '1.0') return null;
  const isSigned = createVerify('RSA-SHA256')
    .update(signText(fields, ['sign']), 'utf8')
    .verify(app.key, sign, 'base64');
  return isSigned ? { method, fields, biz: JSON.parse(biz) as AlipayRequest['biz'] } : null;
}

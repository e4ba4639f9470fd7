import { createCipheriv, createSign, createVerify, randomBytes, type KeyObject } from 'node:crypto';

/** WeChat Pay's side of the wire: what it signs, seals and checks. For playing it in tests and in the sandbox. */
export interface PlatformSigner {
  /** Serial of a certificate, or `PUB_KEY_ID_…`. */
  serial: string;
  key: KeyObject;
}

export interface SignChoice {
  /** Epoch seconds. */
  at?: number;
  /** Other than the signer's. */
  serial?: string;
  type?: string;
  digest?: 'RSA-SHA256' | 'RSA-SHA1';
}

/** Headers of a signed answer or notification over these very bytes. */
export function signedHeaders(body: Buffer, signer: PlatformSigner, choice: SignChoice = {}): Record<string, string> {
  const timestamp = String(choice.at ?? Math.floor(Date.now() / 1_000));
  const nonce = randomBytes(16).toString('hex');
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': choice.serial ?? signer.serial,
    'wechatpay-signature': createSign(choice.digest ?? 'RSA-SHA256')
      .update(text)
      .sign(signer.key, 'base64'),
    'wechatpay-signature-type': choice.type ?? 'WECHATPAY2-SHA256-RSA2048',
  };
}

/** Seals as WeChat Pay seals resources and certificates. */
export function seal(text: string, apiV3Key: string, associatedData: string): Record<string, string> {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), nonce).setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    associated_data: associatedData,
    nonce,
  };
}

export interface Event {
  id: string;
  type: string;
  resource: object;
  /** `transaction`, `refund`, … */
  kind: string;
  at?: Date;
}

/** A notification before it is signed. */
export function notification(event: Event, apiV3Key: string): Buffer {
  const { id, type, resource, kind } = event;
  return Buffer.from(
    JSON.stringify({
      id,
      create_time: (event.at ?? new Date()).toISOString(),
      resource_type: 'encrypt-resource',
      event_type: type,
      summary: type,
      resource: { original_type: kind, ...seal(JSON.stringify(resource), apiV3Key, kind) },
    }),
  );
}

export interface SignedRequest {
  method: string;
  /** Path and query as the request names them. */
  path: string;
  authorization: string | undefined;
  body: Buffer;
}

/** Whether a request is the merchant's: its number, its certificate, its signature, in time. */
export function isMerchants(
  request: SignedRequest,
  merchant: { mchid: string; serial: string; key: KeyObject },
): boolean {
  const scheme = /^WECHATPAY2-SHA256-RSA2048 (.+)$/.exec(request.authorization ?? '')?.[1] ?? '';
  const said = new Map([...scheme.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const timestamp = said.get('timestamp') ?? '';
  if (said.get('mchid') !== merchant.mchid || said.get('serial_no') !== merchant.serial) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) >= 300) return false;
  const head = `${request.method}\n${request.path}\n${timestamp}\n${said.get('nonce_str') ?? ''}\n`;
  const text = Buffer.concat([Buffer.from(head), request.body, Buffer.from('\n')]);
  return createVerify('RSA-SHA256')
    .update(text)
    .verify(merchant.key, said.get('signature') ?? '', 'base64');
}

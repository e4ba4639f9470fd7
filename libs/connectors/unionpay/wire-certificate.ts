import { createPublicKey, createSign, type KeyObject } from 'node:crypto';
import { derEncode, derInteger, DER_SEQUENCE, sm2Sign } from '@yidian/security';

/** Certificates of one's own making, RSA or SM2, root or issued: for playing UnionPay's certificate authority. */
export interface CertificateChoice {
  /** Decimal. */
  certId: string;
  name: string;
  from: Date;
  to: Date;
  /** Whose certificate it is; the private or the public key. */
  key: KeyObject;
  /** Absent: it signs itself. */
  issuer?: { name: string; key: KeyObject };
  /** Whether it may issue others. */
  ca?: boolean;
}

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const SM3_WITH_SM2 = Buffer.from('300a06082a811ccf55018375', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const CA_EXTENSION = Buffer.from('a3133011300f0603551d130101ff040530030101ff', 'hex');

export function certificatePem({ certId, name, from, to, key, issuer, ca = false }: CertificateChoice): string {
  const signer = issuer ?? { name, key };
  const isSm2 = signer.key.asymmetricKeyType === undefined;
  const algorithm = isSm2 ? SM3_WITH_SM2 : SHA256_WITH_RSA;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const body = seq(
    derEncode(0xa0, derInteger(Buffer.from([2]))),
    derInteger(bytesOf(BigInt(certId))),
    algorithm,
    nameOf(signer.name),
    seq(time(from), time(to)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(ca ? [CA_EXTENSION] : []),
  );
  const signature = isSm2 ? sm2Sign(body, signer.key, 'der') : createSign('RSA-SHA256').update(body).sign(signer.key);
  const whole = seq(body, algorithm, derEncode(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\r\n${lines.join('\r\n')}\r\n-----END CERTIFICATE-----`;
}

const seq = (...parts: Buffer[]): Buffer => derEncode(DER_SEQUENCE, ...parts);

const nameOf = (name: string): Buffer => seq(derEncode(0x31, seq(COMMON_NAME, derEncode(0x0c, Buffer.from(name)))));

function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

const time = (at: Date): Buffer =>
  derEncode(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`, 'latin1'));

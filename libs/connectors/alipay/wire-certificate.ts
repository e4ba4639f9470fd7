import { createPublicKey, createSign, type KeyObject } from 'node:crypto';

/** Certificates with an issuer of one's choice: what a played Alipay and its root hand out. */
export interface CertificateChoice {
  /** Hex, at most 20 bytes. */
  serial: string;
  name: string;
  key: KeyObject;
  from: Date;
  to: Date;
  /** Absent: it vouches for itself. */
  issuer?: { name: string; key: KeyObject };
  /** May vouch for others. */
  isCa?: boolean;
}

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ORGANISATION = Buffer.from('060355040a', 'hex');
/** `basicConstraints`, critical, CA. */
const CA = Buffer.from('300f0603551d130101ff040530030101ff', 'hex');

export function certificatePem(choice: CertificateChoice): string {
  const { serial, name, key, from, to, isCa } = choice;
  const issuer = choice.issuer ?? { name, key };
  const even = serial.length % 2 === 0 ? serial : `0${serial}`;
  const body = seq(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from(even, 'hex')),
    SHA256_WITH_RSA,
    subject(issuer.name),
    seq(time(from), time(to)),
    subject(name),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    ...(isCa ? [der(0xa3, seq(CA))] : []),
  );
  const signature = createSign('RSA-SHA256').update(body).sign(issuer.key);
  const whole = seq(body, SHA256_WITH_RSA, der(0x03, Buffer.from([0]), signature));
  const text = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${text.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const subject = (name: string): Buffer => seq(part(ORGANISATION, 'Played Alipay'), part(COMMON_NAME, name));
const part = (kind: Buffer, text: string): Buffer => der(0x31, seq(kind, der(0x0c, Buffer.from(text))));
const seq = (...parts: Buffer[]): Buffer => der(0x30, ...parts);

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const long = size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(size < 0x80 ? [size] : long)]), content]);
}

/** Positive: a leading bit that would be a sign gets a zero before it. */
const integer = (bytes: Buffer): Buffer =>
  der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0]), bytes] : [bytes]));

const time = (at: Date): Buffer =>
  der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`, 'latin1'));

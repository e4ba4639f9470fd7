import { createPublicKey, createSign, type KeyObject } from 'node:crypto';

/** A self-signed certificate with a serial and dates of one's choice: what a played WeChat Pay hands out as its own. */
export interface CertificateChoice {
  /** Hex, at most 20 bytes. */
  serial: string;
  name: string;
  from: Date;
  to: Date;
  key: KeyObject;
}

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

export function certificatePem({ serial, name, from, to, key }: CertificateChoice): string {
  const issuer = seq(der(0x31, seq(COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const body = seq(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex')),
    SHA256_WITH_RSA,
    issuer,
    seq(time(from), time(to)),
    issuer,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('RSA-SHA256').update(body).sign(key);
  const whole = seq(body, SHA256_WITH_RSA, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const seq = (...parts: Buffer[]): Buffer => der(0x30, ...parts);

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff]);
}

/** Positive: a leading bit that would be a sign gets a zero before it. */
const integer = (bytes: Buffer): Buffer =>
  der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0]), bytes] : [bytes]));

const time = (at: Date): Buffer =>
  der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`, 'latin1'));

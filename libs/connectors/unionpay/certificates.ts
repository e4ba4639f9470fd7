import { X509Certificate, type KeyObject } from 'node:crypto';
import { DER_BITS, derSequence, derValues, sm2PublicKeyOfSpki, sm2Verify, type Der } from '@yidian/security';

/** A certificate, RSA or SM2, with what UnionPay's rules ask of it. Node reads SM2 certificates and verifies none. */
export interface Certificate {
  x509: X509Certificate;
  /** Serial number as UnionPay's `certId` writes it: decimal. */
  certId: string;
  /** Common names of the subject, most certificates have one. */
  names: readonly string[];
  key: { algorithm: 'rsa' | 'sm2'; key: KeyObject };
  from: Date;
  to: Date;
  subject: Buffer;
  issuer: Buffer;
  /** What its issuer signed, and the signature. */
  body: Buffer;
  signature: Buffer;
}

const COMMON_NAME = Buffer.from('0603550403', 'hex');
const MIN_MODULUS = 2_048;

/** Several certificates may stand in one text. @throws Error */
export function certificatesOf(pems: readonly string[]): Certificate[] {
  return pems.flatMap((pem) => {
    const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (found.length === 0) throw new Error('no certificate in PEM');
    return found.map(readCertificate);
  });
}

/** @throws Error when it is no certificate of RSA (2048 bits at least) or SM2 */
export function readCertificate(pem: string): Certificate {
  const x509 = new X509Certificate(pem);
  const [body, , signature] = derSequence(x509.raw);
  if (!body || signature?.tag !== DER_BITS) throw new Error('not a certificate');
  const [issuer, , subject, spki] = partsOf(body);
  if (!issuer || !subject || !spki) throw new Error('not a certificate');
  return {
    x509,
    certId: BigInt(`0x${x509.serialNumber}`).toString(),
    names: commonNames(subject),
    key: keyOf(x509, spki),
    from: new Date(x509.validFrom),
    to: new Date(x509.validTo),
    subject: subject.whole,
    issuer: issuer.whole,
    body: body.whole,
    signature: signature.content.subarray(1),
  };
}

/** Issuer, validity, subject and key stand behind version (optional), serial number and algorithm. */
function partsOf(body: Der): Der[] {
  const parts = derValues(body.content);
  return parts.slice(parts[0]?.tag === 0xa0 ? 3 : 2);
}

function commonNames(subject: Der): string[] {
  return derValues(subject.content)
    .flatMap((set) => derValues(set.content))
    .map(({ content }) => derValues(content))
    .filter(([type]) => type?.whole.equals(COMMON_NAME))
    .map(([, value]) => (value?.tag === 0x1e ? utf16(value.content) : (value?.content.toString('utf8') ?? '')));
}

const utf16 = (bytes: Buffer): string => Buffer.from(bytes).swap16().toString('utf16le');

function keyOf(x509: X509Certificate, spki: Der): Certificate['key'] {
  const key = x509.publicKey;
  if (key.asymmetricKeyType !== 'rsa') return { algorithm: 'sm2', key: sm2PublicKeyOfSpki(spki.whole) };
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_MODULUS)
    throw new Error('an RSA key of less than 2048 bits');
  return { algorithm: 'rsa', key };
}

export const inTime = ({ from, to }: Certificate, at: Date): boolean => from <= at && at <= to;

/** Whether `issuer` may issue certificates and has issued this one. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!certificate.issuer.equals(issuer.subject) || !issuer.x509.ca) return false;
  if (issuer.key.algorithm === 'rsa') return certificate.x509.verify(issuer.key.key);
  return sm2Verify(certificate.body, certificate.signature, issuer.key.key, 'der');
}

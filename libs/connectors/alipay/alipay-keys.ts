import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';

/**
 * Keys that Alipay may sign with, several at once, so that the old and the new one overlap while they change. A certificate
 * counts only within its dates and, where a root is given, only when it comes from that root; a bare public key has neither.
 */
export interface AlipayKey {
  /** `alipay_cert_sn` of a certificate; '' of a public key. */
  sn: string;
  key: KeyObject;
  valid: { from: Date; to: Date } | null;
  /** False for a certificate that does not come from the root. */
  trusted: boolean;
}

const MIN_MODULUS = 2_048;

export class AlipayKeys {
  private readonly keys: AlipayKey[];

  constructor(keys: readonly AlipayKey[]) {
    this.keys = [...keys];
  }

  add(key: AlipayKey): void {
    this.keys.push(key);
  }

  /** Those that may have signed a message which names this certificate, or none. */
  named(sn: string): AlipayKey[] {
    return sn === '' ? this.keys : this.keys.filter((key) => key.sn === sn);
  }
}

export const usable = ({ trusted, valid }: AlipayKey, at: Date): boolean =>
  trusted && (!valid || (valid.from <= at && at < valid.to));

/** @throws Error when the text is no RSA public key of at least 2048 bits */
export function publicKey(text: string): AlipayKey {
  const key = text.includes('-----')
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text.replace(/\s/g, ''), 'base64'), format: 'der', type: 'spki' });
  return { sn: '', key: rsa(key), valid: null, trusted: true };
}

/** @param pem the certificate, and certificates between it and the root behind it */
export function certificateKey(pem: string, rootPem: string | undefined): AlipayKey {
  const [own, ...between] = certificatesOf(pem);
  if (!own) throw new Error('no certificate in the PEM text');
  return {
    sn: certificateSn(own),
    key: rsa(own.publicKey),
    valid: { from: new Date(own.validFrom), to: new Date(own.validTo) },
    trusted: rootPem === undefined || comesFrom(own, between, certificatesOf(rootPem)),
  };
}

/** MD5 over issuer (most specific part first) and decimal serial, as Alipay names certificates. */
export function certificateSn(certificate: X509Certificate): string {
  const issuer = certificate.issuer.split('\n').reverse().join(',');
  return createHash('md5')
    .update(issuer + BigInt(`0x${certificate.serialNumber}`).toString())
    .digest('hex');
}

/** Certificates that this build of OpenSSL cannot read (SM2 ones among Alipay's roots) vouch for nothing. */
function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** At most as many steps as there are certificates, each signed by the next one. */
function comesFrom(leaf: X509Certificate, between: X509Certificate[], roots: X509Certificate[]): boolean {
  let at = leaf;
  for (let steps = 0; steps <= between.length; steps++) {
    if (roots.some((root) => issuedBy(at, root))) return true;
    const next = between.find((issuer) => issuer.ca && issuedBy(at, issuer));
    if (!next) return false;
    at = next;
  }
  return false;
}

function issuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false; // a key that cannot be used here has signed nothing
  }
}

function rsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_MODULUS)
    throw new Error('a key of Alipay is RSA of at least 2048 bits');
  return key;
}

import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';

/**
 * Keys that WeChat Pay may sign with: platform certificates and public keys, several at once, so that the old and the new
 * one overlap while they change. A certificate counts only within its own dates; a public key has none.
 */
export interface PlatformKey {
  /** As `Wechatpay-Serial` names it: hex of a certificate, or `PUB_KEY_ID_…`. */
  serial: string;
  key: KeyObject;
  /** Set for certificates only. */
  valid?: { from: Date; to: Date };
}

/** How a key is given in settings: exactly one of the two texts. */
export interface PlatformKeyText {
  serial?: string | undefined;
  certificatePem?: string | undefined;
  publicKeyPem?: string | undefined;
}

const PUBLIC_KEY_ID = /^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/;
const MIN_MODULUS = 2_048;

/** @throws Error naming the member that does not fit, never its value */
export function platformKey(text: PlatformKeyText): PlatformKey {
  if (text.certificatePem !== undefined) return certificateKey(text.certificatePem, text.serial);
  const { serial = '', publicKeyPem } = text;
  if (publicKeyPem === undefined) throw new Error('a platform key needs certificatePem or publicKeyPem');
  if (!PUBLIC_KEY_ID.test(serial)) throw new Error('the serial of a public key is its PUB_KEY_ID_…');
  return { serial, key: rsa(createPublicKey(publicKeyPem)) };
}

/** @param serial what it is said to be, where somebody says so */
export function certificateKey(pem: string, serial?: string): PlatformKey {
  const certificate = new X509Certificate(pem);
  const own = comparable(certificate.serialNumber);
  if (serial !== undefined && comparable(serial) !== own) throw new Error('the certificate has another serial');
  const valid = { from: new Date(certificate.validFrom), to: new Date(certificate.validTo) };
  return { serial: own, key: rsa(certificate.publicKey), valid };
}

export class PlatformKeys {
  private readonly keys = new Map<string, PlatformKey>();

  constructor(keys: readonly PlatformKey[]) {
    for (const key of keys) this.add(key);
  }

  add(key: PlatformKey): void {
    this.keys.set(key.serial, key);
  }

  find(serial: string): PlatformKey | undefined {
    return this.keys.get(serial) ?? this.keys.get(comparable(serial));
  }

  all(): PlatformKey[] {
    return [...this.keys.values()];
  }

  /** The public key that we ask to be answered with; undefined where only certificates are known. */
  get publicKeyId(): string | undefined {
    return [...this.keys.keys()].find((serial) => PUBLIC_KEY_ID.test(serial));
  }
}

export const inTime = ({ valid }: PlatformKey, at: Date): boolean => !valid || (valid.from <= at && at < valid.to);

/** Serials of certificates are hex numbers; of public keys they are names. */
function comparable(serial: string): string {
  return PUBLIC_KEY_ID.test(serial) ? serial : serial.toUpperCase().replace(/^0+(?=.)/, '');
}

function rsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_MODULUS)
    throw new Error('a platform key is RSA of at least 2048 bits');
  return key;
}

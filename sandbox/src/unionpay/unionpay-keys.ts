import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UNIONPAY_NAME, type PlatformSigner } from '@yidian/connectors/unionpay/wire';
import { certificatePem } from '@yidian/connectors/unionpay/wire-certificate';
import { z } from 'zod';

const pair = z.object({ certId: z.string(), privateKeyPem: z.string(), certificatePem: z.string() });
const keyFile = z.object({
  merId: z.string(),
  root: pair,
  middle: pair,
  merchant: pair,
  /** Newest last: that one signs. */
  platform: z.array(pair).min(1),
});
type Pair = z.infer<typeof pair>;
type KeyFile = z.infer<typeof keyFile>;

const YEARS_MS = 5 * 365 * 86_400_000;

/**
 * Both sides' keys of the played UnionPay and its certificate authority, made at its first start and kept beside its log.
 * Numbers follow from the seed; RSA keys are new in each folder.
 */
export class UnionPayKeys {
  private constructor(
    private readonly path: string,
    private file: KeyFile,
    private readonly seed: string,
  ) {}

  static open(path: string, seed: string): UnionPayKeys {
    if (existsSync(path)) return new UnionPayKeys(path, keyFile.parse(JSON.parse(readFileSync(path, 'utf8'))), seed);
    const keys = new UnionPayKeys(path, made(seed), seed);
    keys.save();
    return keys;
  }

  get merId(): string {
    return this.file.merId;
  }

  get merchant(): { merId: string; certId: string; key: KeyObject; method: '01' } {
    const { merId, merchant } = this.file;
    return { merId, certId: merchant.certId, key: createPublicKey(merchant.privateKeyPem), method: '01' };
  }

  /** Who signs now. */
  get signer(): PlatformSigner {
    const newest = this.file.platform.at(-1);
    if (!newest) throw new Error('no platform key');
    return { certificatePem: newest.certificatePem, key: createPrivateKey(newest.privateKeyPem), method: '01' };
  }

  /** A new certificate of the same authority signs from now on. @returns its certId */
  change(): string {
    const next = issued(this.file.middle, certIdOf(this.seed, `platform ${this.file.platform.length}`), UNIONPAY_NAME);
    this.file = { ...this.file, platform: [...this.file.platform, next] };
    this.save();
    return next.certId;
  }

  /** What the connector must be given to speak to this UnionPay. */
  settings(baseUrl: string): object {
    const { merId, root, middle, merchant } = this.file;
    return {
      baseUrl,
      fileUrl: `${baseUrl}/file/`,
      merId,
      merchantPrivateKeyPem: merchant.privateKeyPem,
      merchantCertificatePem: merchant.certificatePem,
      rootCertificatesPem: [root.certificatePem],
      intermediateCertificatesPem: [middle.certificatePem],
    };
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.file, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}

const hash = (seed: string, what: string): string =>
  createHmac('sha256', seed).update(`unionpay ${what}`).digest('hex');
const digits = (seed: string, what: string, count: number): string =>
  (BigInt(`0x${hash(seed, what)}`) % 10n ** BigInt(count)).toString().padStart(count, '0');
const certIdOf = (seed: string, what: string): string => `6${digits(seed, what, 10)}`;
const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ROOT = 'Sandbox CFCA CS CA';
const MIDDLE = 'Sandbox CFCA OCA1';

function made(seed: string): KeyFile {
  const root = authority(ROOT, certIdOf(seed, 'root'));
  const middle = authority(MIDDLE, certIdOf(seed, 'middle'), { name: ROOT, pair: root });
  const merId = `7772900${digits(seed, 'merId', 8)}`;
  return {
    merId,
    root,
    middle,
    merchant: issued(middle, certIdOf(seed, 'merchant'), `041@Z@${merId}@00000001`),
    platform: [issued(middle, certIdOf(seed, 'platform 0'), UNIONPAY_NAME)],
  };
}

/** From long ago: a played day need not be today. */
const dates = (): { from: Date; to: Date } => ({ from: new Date('2020-01-01'), to: new Date(Date.now() + YEARS_MS) });

function authority(name: string, certId: string, above?: { name: string; pair: Pair }): Pair {
  const key = newKey();
  const issuer = above && { name: above.name, key: createPrivateKey(above.pair.privateKeyPem) };
  const pem = certificatePem({ ...dates(), certId, name, key, ca: true, ...(issuer ? { issuer } : {}) });
  return { certId, privateKeyPem: pemOf(key), certificatePem: pem };
}

function issued(middle: Pair, certId: string, name: string): Pair {
  const key = newKey();
  const issuer = { name: MIDDLE, key: createPrivateKey(middle.privateKeyPem) };
  return {
    certId,
    privateKeyPem: pemOf(key),
    certificatePem: certificatePem({ ...dates(), certId, name, key, issuer }),
  };
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

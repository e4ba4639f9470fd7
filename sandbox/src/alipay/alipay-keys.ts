import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { certificateKey } from '@yidian/connectors/alipay/alipay-keys';
import type { AlipaySigner } from '@yidian/connectors/alipay/wire';
import { certificatePem } from '@yidian/connectors/alipay/wire-certificate';
import { z } from 'zod';

const keyPair = z.object({ privateKeyPem: z.string(), certificatePem: z.string() });
const keyFile = z.object({
  appId: z.string(),
  sellerId: z.string(),
  root: keyPair,
  app: keyPair,
  /** Newest last: that one signs. */
  alipay: z.array(keyPair).min(1),
});
type KeyFile = z.infer<typeof keyFile>;
type Pair = z.infer<typeof keyPair>;

/** Wide: a played day need not be today. */
const PERIOD = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2049-12-31T00:00:00Z') };

/**
 * Both sides' keys of the played Alipay in certificate mode, made at its first start and kept beside its log. Numbers follow
 * from the seed; RSA keys are new in each folder.
 */
export class AlipayKeysFile {
  private constructor(
    private readonly path: string,
    private file: KeyFile,
  ) {}

  static open(path: string, seed: string): AlipayKeysFile {
    if (existsSync(path)) return new AlipayKeysFile(path, keyFile.parse(JSON.parse(readFileSync(path, 'utf8'))));
    const keys = new AlipayKeysFile(path, made(seed));
    keys.save();
    return keys;
  }

  get app(): { appId: string; key: KeyObject } {
    return { appId: this.file.appId, key: createPublicKey(this.file.app.privateKeyPem) };
  }

  get sellerId(): string {
    return this.file.sellerId;
  }

  /** Who signs now. */
  get signer(): AlipaySigner & { certSn: string } {
    const newest = this.file.alipay.at(-1);
    if (!newest) throw new Error('no key of Alipay');
    return { key: createPrivateKey(newest.privateKeyPem), certSn: snOf(newest) };
  }

  certificate(sn: string): string | undefined {
    return this.file.alipay.find((pair) => snOf(pair) === sn)?.certificatePem;
  }

  /** A new certificate signs from now on. @returns its number */
  change(): string {
    const serial = `0B${String(this.file.alipay.length).padStart(4, '0')}`;
    this.file = { ...this.file, alipay: [...this.file.alipay, issued('Sandbox Alipay', serial, this.file.root)] };
    this.save();
    return this.signer.certSn;
  }

  /** What the connector must be given to speak to this Alipay. */
  settings(gateway: string): object {
    const { appId, sellerId, root, app, alipay } = this.file;
    return {
      gateway,
      appId,
      sellerId,
      appPrivateKey: app.privateKeyPem,
      appCertificatePem: app.certificatePem,
      alipayRootCertificatePem: root.certificatePem,
      alipayKeys: alipay.map(({ certificatePem: pem }) => ({ certificatePem: pem })),
    };
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.file, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}

const ROOT = 'Sandbox Alipay Root';
const snOf = (pair: Pair): string => certificateKey(pair.certificatePem, undefined).sn;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function digits(seed: string, what: string, count: number): string {
  const hash = createHmac('sha256', seed).update(`alipay ${what}`).digest('hex');
  return (BigInt(`0x${hash}`) % 10n ** BigInt(count)).toString().padStart(count, '0');
}

function made(seed: string): KeyFile {
  const root = issued(ROOT, '01');
  return {
    appId: `2021${digits(seed, 'app', 12)}`,
    sellerId: `2088${digits(seed, 'seller', 12)}`,
    root,
    app: issued('Sandbox App', '0A', root),
    alipay: [issued('Sandbox Alipay', '0B0000', root)],
  };
}

/** @param root absent: it is the root itself */
function issued(name: string, serial: string, root?: Pair): Pair {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const issuer = root ? { issuer: { name: ROOT, key: createPrivateKey(root.privateKeyPem) } } : { isCa: true };
  return { privateKeyPem: pem(key), certificatePem: certificatePem({ serial, name, key, ...PERIOD, ...issuer }) };
}

import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { certificatePem } from '@yidian/connectors/wechat-pay/wire-certificate';
import type { PlatformSigner } from '@yidian/connectors/wechat-pay/wire';
import { z } from 'zod';

const keyPair = z.object({ serial: z.string(), privateKeyPem: z.string(), certificatePem: z.string().optional() });
const keyFile = z.object({
  mchid: z.string(),
  appid: z.string(),
  planId: z.number().int(),
  apiV3Key: z.string().length(32),
  merchant: keyPair,
  /** Newest last: that one signs. */
  platform: z.array(keyPair).min(1),
});
type KeyFile = z.infer<typeof keyFile>;

const YEARS_MS = 5 * 365 * 86_400_000;

/**
 * Both sides' keys of the played WeChat Pay, made at its first start and kept beside its log. Numbers and the APIv3 key
 * follow from the seed; RSA keys are new in each folder.
 */
export class WechatKeys {
  private constructor(
    private readonly path: string,
    private file: KeyFile,
    private readonly seed: string,
  ) {}

  static open(path: string, seed: string): WechatKeys {
    if (existsSync(path)) return new WechatKeys(path, keyFile.parse(JSON.parse(readFileSync(path, 'utf8'))), seed);
    const keys = new WechatKeys(path, made(seed), seed);
    keys.save();
    return keys;
  }

  get apiV3Key(): string {
    return this.file.apiV3Key;
  }

  get appid(): string {
    return this.file.appid;
  }

  get merchant(): { mchid: string; serial: string; key: KeyObject } {
    const { mchid, merchant } = this.file;
    return { mchid, serial: merchant.serial, key: createPublicKey(merchant.privateKeyPem) };
  }

  /** Who signs now. */
  get signer(): PlatformSigner {
    const newest = this.file.platform.at(-1);
    if (!newest) throw new Error('no platform key');
    return { serial: newest.serial, key: createPrivateKey(newest.privateKeyPem) };
  }

  /** What may be downloaded: the old ones stay while they overlap. */
  get certificates(): { serial: string; pem: string }[] {
    return this.file.platform.map(({ serial, certificatePem: pem }) => ({ serial, pem: pem ?? '' }));
  }

  /** A new certificate signs from now on. @returns its serial */
  change(): string {
    const next = platformPair(this.seed, this.file.platform.length);
    this.file = { ...this.file, platform: [...this.file.platform, next] };
    this.save();
    return next.serial;
  }

  /** What the connector must be given to speak to this WeChat Pay. */
  settings(baseUrl: string): object {
    const { mchid, appid, planId, apiV3Key, merchant } = this.file;
    return {
      baseUrl,
      mchid,
      appid,
      planId,
      apiV3Key,
      merchantSerial: merchant.serial,
      merchantPrivateKeyPem: merchant.privateKeyPem,
      platformKeys: this.file.platform.map(({ certificatePem: pem }) => ({ certificatePem: pem })),
    };
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.file, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}

const hash = (seed: string, what: string): string =>
  createHmac('sha256', seed).update(`wechat_pay ${what}`).digest('hex');
const digits = (seed: string, what: string, count: number): string =>
  (BigInt(`0x${hash(seed, what)}`) % 10n ** BigInt(count)).toString().padStart(count, '0');
const serialOf = (seed: string, what: string): string => `5${hash(seed, what).slice(0, 39)}`.toUpperCase();
const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function made(seed: string): KeyFile {
  return {
    mchid: `19${digits(seed, 'mchid', 8)}`,
    appid: `wx${hash(seed, 'appid').slice(0, 16)}`,
    planId: 10_000 + Number(digits(seed, 'plan', 4)),
    apiV3Key: hash(seed, 'apiV3').slice(0, 32),
    merchant: { serial: serialOf(seed, 'merchant'), privateKeyPem: pem(newKey()) },
    platform: [platformPair(seed, 0)],
  };
}

function platformPair(seed: string, n: number): KeyFile['platform'][number] {
  const key = newKey();
  const serial = serialOf(seed, `platform ${n}`);
  const from = new Date(Date.now() - 86_400_000);
  const to = new Date(from.getTime() + YEARS_MS);
  const certificate = certificatePem({ serial, name: 'Sandbox WeChat Pay', from, to, key });
  return { serial, privateKeyPem: pem(key), certificatePem: certificate };
}

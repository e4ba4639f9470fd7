import { randomBytes } from 'node:crypto';
import { newEd25519, signingKey, verifyingKey, type SigningKey, type VerifyingKey } from './keys';
import { Vault } from './vault';

/** The secrets file: JSON, mode 600, made once per installation and kept in the carrier's own key store afterwards. */
export interface SecretsFile {
  dataKeys: { current: string; keys: Record<string, string> };
  blindIndexKey: string;
  signingKey: { keyId: string; privateKeyPem: string };
  /**
   * Public halves of the keys before and after it, told to the world beside it: who reads our keys now must still verify
   * what was signed a moment before the change, and know the next key before its first signature.
   */
  otherSigningKeys?: { keyId: string; publicKeyPem: string }[];
  /** Per provider, the settings of its connector that nobody else may read. */
  providers?: Record<string, Record<string, unknown>>;
}

/** Fresh random secrets for a new installation. */
export function newSecrets(signingKeyId: string): SecretsFile {
  return {
    dataKeys: { current: 'k1', keys: { k1: randomBytes(32).toString('base64') } },
    blindIndexKey: randomBytes(32).toString('base64'),
    signingKey: { keyId: signingKeyId, privateKeyPem: newEd25519().privateKeyPem },
  };
}

export interface Secrets {
  vault: Vault;
  /** Ed25519: signs our requests to providers, our answers and webhooks. */
  signingKey: SigningKey;
  /** The keys before and after it: published, and nothing is signed with them here. */
  otherSigningKeys: readonly VerifyingKey[];
  providers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** @throws Error naming the member that is wrong, never its value */
export function readSecrets(text: string): Secrets {
  const file = parse(text);
  const keys = new Map(Object.entries(file.dataKeys.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
  return {
    vault: new Vault(keys, file.dataKeys.current, Buffer.from(file.blindIndexKey, 'base64')),
    signingKey: signingKey(file.signingKey.keyId, 'ed25519', file.signingKey.privateKeyPem),
    otherSigningKeys: otherKeys(file),
    providers: file.providers ?? {},
  };
}

function otherKeys({ otherSigningKeys = [], signingKey: current }: SecretsFile): VerifyingKey[] {
  const names = [current.keyId, ...otherSigningKeys.map(({ keyId }) => keyId)];
  if (new Set(names).size < names.length) throw new Error('otherSigningKeys of the secrets file name a key twice');
  return otherSigningKeys.map(({ keyId, publicKeyPem }, at) => {
    if (typeof keyId !== 'string' || keyId === '')
      throw new Error(`the secrets file lacks otherSigningKeys.${at}.keyId`);
    if (typeof publicKeyPem !== 'string' || publicKeyPem.includes('PRIVATE'))
      throw new Error(`otherSigningKeys.${at}.publicKeyPem of the secrets file is no public key`);
    return verifyingKey(keyId, 'ed25519', publicKeyPem);
  });
}

function parse(text: string): SecretsFile {
  let file: Partial<SecretsFile>;
  try {
    file = JSON.parse(text) as Partial<SecretsFile>;
  } catch {
    throw new Error('the secrets file is not JSON');
  }
  const strings = {
    'dataKeys.current': file.dataKeys?.current,
    blindIndexKey: file.blindIndexKey,
    'signingKey.keyId': file.signingKey?.keyId,
    'signingKey.privateKeyPem': file.signingKey?.privateKeyPem,
    ...Object.fromEntries(Object.entries(file.dataKeys?.keys ?? {}).map(([id, key]) => [`dataKeys.keys.${id}`, key])),
  };
  for (const [name, value] of Object.entries(strings)) {
    if (typeof value !== 'string' || value === '') throw new Error(`the secrets file lacks ${name}`);
  }
  return file as SecretsFile;
}

import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { hmacOf, type PreparedHmac } from './prepared-hmac';
import { publicRandomBytes } from './random-pool';
import { ShortSeals } from './short-seals';

export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/**
 * Keeps numbers, names and account numbers in tables unreadable: AES-256-GCM, `<key id>.<nonce>.<text>.<tag>`. New
 * values use the current key; old key ids stay readable, so keys rotate without rewriting rows at once.
 */
export class Vault {
  private readonly keyObjects: ReadonlyMap<string, KeyObject>;
  private readonly index: PreparedHmac;
  private readonly short: ShortSeals;
  /** Associated data by key, then purpose: there are a dozen purposes. */
  private readonly labels = new Map<string, Map<string, Buffer>>();

  /**
   * @param keys 32 bytes each, by id
   * @param current id of the key that seals
   * @param indexKey 32 bytes: makes look-ups by value possible without opening anything
   */
  constructor(
    keys: ReadonlyMap<string, Buffer>,
    private readonly current: string,
    indexKey: Buffer,
  ) {
    if (!keys.has(current)) throw new VaultError('the current data key is not among the keys');
    for (const key of [...keys.values(), indexKey]) {
      if (key.length !== 32) throw new VaultError('a data key has 32 bytes');
    }
    this.keyObjects = new Map([...keys].map(([id, key]) => [id, createSecretKey(key)]));
    this.index = hmacOf(createSecretKey(indexKey));
    this.short = new ShortSeals(this.key(current));
  }

  /** @param purpose what the value is (such as `portal_session.msisdn`); a value opens only under the same purpose */
  seal(text: string, purpose: string): string {
    const label = this.label(this.current, purpose);
    const short = this.short.seal(text, label);
    if (short !== undefined) return `${this.current}.${short}`;
    const nonce = publicRandomBytes(12); // it stands in front of the text for all to see; it only must not come twice
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), nonce);
    cipher.setAAD(label);
    // GCM is a stream: `update` gives out everything, `final` only makes the tag.
    const sealed = cipher.update(text, 'utf8', 'base64url');
    const rest = cipher.final('base64url');
    const tag = cipher.getAuthTag().toString('base64url');
    return `${this.current}.${nonce.toString('base64url')}.${sealed}${rest}.${tag}`;
  }

  /** @throws VaultError when it was changed, sealed for another purpose, or its key is not here */
  open(sealed: string, purpose: string): string {
    const [keyId = '', nonce = '', text = '', tag = ''] = sealed.split('.');
    try {
      const bytes = (part: string) => Buffer.from(part, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', this.key(keyId), bytes(nonce), { authTagLength: 16 });
      decipher.setAAD(this.label(keyId, purpose));
      decipher.setAuthTag(bytes(tag));
      return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new VaultError(`a sealed ${purpose} cannot be opened`, { cause: error });
    }
  }

  /** Same value, same purpose → same 32 hex digits. For equality look-ups only. */
  blind(text: string, purpose: string): string {
    return this.index.of(`${purpose}\n${text}`, 'hex').slice(0, 32);
  }

  private label(keyId: string, purpose: string): Buffer {
    let labels = this.labels.get(keyId);
    if (!labels) this.labels.set(keyId, (labels = new Map<string, Buffer>()));
    let label = labels.get(purpose);
    if (!label) labels.set(purpose, (label = Buffer.from(`${keyId}:${purpose}`)));
    return label;
  }

  private key(id: string): KeyObject {
    const key = this.keyObjects.get(id);
    if (!key) throw new VaultError('no such data key');
    return key;
  }
}

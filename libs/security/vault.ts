import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/**
 * Keeps numbers, names and account numbers in tables unreadable: AES-256-GCM, `<key id>.<nonce>.<text>.<tag>`. New
 * values use the current key; old key ids stay readable, so keys rotate without rewriting rows at once.
 */
export class Vault {
  /**
   * @param keys 32 bytes each, by id
   * @param current id of the key that seals
   * @param indexKey 32 bytes: makes look-ups by value possible without opening anything
   */
  constructor(
    private readonly keys: ReadonlyMap<string, Buffer>,
    private readonly current: string,
    private readonly indexKey: Buffer,
  ) {
    if (!keys.has(current)) throw new VaultError('the current data key is not among the keys');
    for (const key of [...keys.values(), indexKey]) {
      if (key.length !== 32) throw new VaultError('a data key has 32 bytes');
    }
  }

  /** @param purpose what the value is (such as `portal_session.msisdn`); a value opens only under the same purpose */
  seal(text: string, purpose: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), nonce);
    cipher.setAAD(Buffer.from(`${this.current}:${purpose}`));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [this.current, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
  }

  /** @throws VaultError when it was changed, sealed for another purpose, or its key is not here */
  open(sealed: string, purpose: string): string {
    const [keyId = '', nonce = '', text = '', tag = ''] = sealed.split('.');
    try {
      const bytes = (part: string) => Buffer.from(part, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', this.key(keyId), bytes(nonce), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(`${keyId}:${purpose}`));
      decipher.setAuthTag(bytes(tag));
      return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new VaultError(`a sealed ${purpose} cannot be opened`, { cause: error });
    }
  }

  /** Same value, same purpose → same 32 hex digits. For equality look-ups only. */
  blind(text: string, purpose: string): string {
    return createHmac('sha256', this.indexKey).update(`${purpose}\n${text}`).digest('hex').slice(0, 32);
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new VaultError('no such data key');
    return key;
  }
}

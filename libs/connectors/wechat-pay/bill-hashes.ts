import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';

/**
 * SHA-1 of a bill while it comes in. The documents do not say whether the promised one is over the file or over what is
 * packed in it: either one proves it.
 */
export class BillHashes {
  private readonly asSent = createHash('sha1');
  private readonly gunzip = createGunzip();
  /** null: there is nothing packed, or it does not come out whole. */
  private readonly unpacked: Promise<string | null>;

  constructor(private readonly packed: boolean) {
    this.unpacked = packed ? this.hashed() : Promise.resolve(null);
  }

  async update(chunk: Uint8Array): Promise<void> {
    this.asSent.update(chunk);
    if (!this.packed || this.gunzip.destroyed) return;
    // What cannot be unpacked ends the unpacking and nothing else.
    if (!this.gunzip.write(chunk)) await Promise.race([once(this.gunzip, 'drain').catch(() => null), this.unpacked]);
  }

  /** Once, at the end. */
  async include(hash: string): Promise<boolean> {
    this.gunzip.end();
    return this.asSent.digest('hex') === hash || (await this.unpacked) === hash;
  }

  close(): void {
    this.gunzip.destroy();
  }

  private async hashed(): Promise<string | null> {
    const plain = createHash('sha1');
    try {
      for await (const chunk of this.gunzip) plain.update(chunk as Buffer);
      return plain.digest('hex');
    } catch {
      return null;
    }
  }
}

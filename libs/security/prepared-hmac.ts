import { createHmac, hash, timingSafeEqual, type KeyObject } from 'node:crypto';

/** Of SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/** Only ever used between two lines of one function: nobody else's text is in it. */
const inner = Buffer.alloc(4_096);
const outer = Buffer.alloc(BLOCK + DIGEST);
const found = Buffer.alloc(DIGEST);

/**
 * HMAC-SHA-256 (RFC 2104) of texts under one key, as two one-shot hashes over its padded block. An object for hashing costs
 * more to make, and more to collect, than both; what goes from the first hash into the second goes as a text of bytes,
 * because a buffer that is returned costs as much as a hash.
 */
export class PreparedHmac {
  private readonly innerPad = Buffer.alloc(BLOCK, 0x36);
  private readonly outerPad = Buffer.alloc(BLOCK, 0x5c);

  constructor(private readonly key: KeyObject) {
    const bytes = key.export();
    const folded = bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes;
    for (const [at, byte] of folded.entries()) {
      this.innerPad[at] = 0x36 ^ byte;
      this.outerPad[at] = 0x5c ^ byte;
    }
  }

  of(text: string, encoding: 'base64' | 'hex' | 'binary'): string {
    // A sign of UTF-16 takes three bytes at most.
    if (text.length * 3 > inner.length - BLOCK) return createHmac('sha256', this.key).update(text).digest(encoding);
    inner.set(this.innerPad);
    const length = inner.write(text, BLOCK);
    outer.set(this.outerPad);
    outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, encoding);
  }

  /** Whether these bytes are it; how long that takes does not depend on where they differ. */
  holds(text: string, theirs: Buffer): boolean {
    if (theirs.length !== DIGEST) return false;
    found.write(this.of(text, 'binary'), 'binary');
    return timingSafeEqual(found, theirs);
  }
}

const prepared = new WeakMap<KeyObject, PreparedHmac>();

export function hmacOf(key: KeyObject): PreparedHmac {
  let known = prepared.get(key);
  if (!known) prepared.set(key, (known = new PreparedHmac(key)));
  return known;
}

import { createCipheriv, createDecipheriv, randomFillSync, type Cipher, type KeyObject } from 'node:crypto';

/** Of AES, in bytes. */
const BLOCK = 16;
const NONCE = 12;
/** Nonces drawn ahead; each has two blocks in the page: what hides the tag and what hides the text. */
const PAGE = 64;
const ENTRY = 2 * BLOCK;

/** A tag but for its text: four words, by the length of the text. */
type Sums = (Int32Array | undefined)[];

/**
 * AES-256-GCM (NIST SP 800-38D) for what fits into one block, such as a phone number: the same bytes as OpenSSL's, which opens
 * them. A cipher object costs ten times what is done with it, so AES is OpenSSL's and run a page of nonces ahead, and only the sum
 * that makes the tag is done here: for one block it is the text's product with a constant, and a constant. It looks nothing up by
 * a secret: its time depends on the text's length only. A first seal is opened by OpenSSL before any other is made (decision 25).
 */
export class ShortSeals {
  private readonly cipher: Cipher;
  private readonly h: bigint;
  /** The square of H times each bit of a block. */
  private readonly products: Int32Array;
  private readonly sums = new WeakMap<Buffer, Sums>();
  private readonly counters = Buffer.alloc(PAGE * ENTRY);
  private readonly nonces = Buffer.alloc(PAGE * NONCE);
  private readonly tag = new Int32Array(4);
  /** Nonce, text and tag, each filled up to whole groups of three. */
  private readonly parts = Buffer.alloc(NONCE + BLOCK + 2 + BLOCK);
  private stream = Buffer.alloc(0);
  private at = PAGE;

  constructor(key: KeyObject) {
    this.cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.h = wordOf(this.cipher.update(Buffer.alloc(BLOCK)));
    this.products = productsOf(product(this.h, this.h));
    this.assertOpens(key);
  }

  /**
   * @param label associated data; known by its identity, so the same label is the same buffer
   * @returns `<nonce>.<text>.<tag>` in base64url; undefined for a text that is not 1 to 16 signs of ASCII
   */
  seal(text: string, label: Buffer): string | undefined {
    const { length } = text;
    if (length === 0 || length > BLOCK || !isAscii(text)) return undefined;
    if (this.at === PAGE) this.turn();
    const from = this.at++ * ENTRY;
    const { parts, counters, tag, stream } = this;
    for (let i = 0; i < NONCE; i++) parts[i] = counters[from + i] ?? 0;
    tag.set(this.sumOf(label, length));
    this.hide(text, from + BLOCK);
    const end = NONCE + Math.ceil(length / 3) * 3;
    parts.fill(0, NONCE + length, end);
    for (let i = 0; i < BLOCK; i++)
      parts[end + i] = ((tag[i >> 2] ?? 0) >>> (24 - 8 * (i & 3))) ^ (stream[from + i] ?? 0);
    const signs = parts.toString('base64url', 0, end + BLOCK);
    const shown = (NONCE / 3) * 4;
    return `${signs.slice(0, shown)}.${signs.slice(shown, shown + Math.ceil((length * 4) / 3))}.${signs.slice((end / 3) * 4)}`;
  }

  /** Writes the hidden text behind the nonce and adds its product, bit by bit and whatever the bit is, to the tag. */
  private hide(text: string, from: number): void {
    const { parts, products, tag, stream } = this;
    let [a = 0, b = 0, c = 0, d = 0] = tag;
    for (let i = 0, at = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i) ^ (stream[from + i] ?? 0);
      parts[NONCE + i] = byte;
      for (let bit = 7; bit >= 0; bit--, at += 4) {
        const mask = -((byte >> bit) & 1);
        a ^= mask & (products[at] ?? 0);
        b ^= mask & (products[at + 1] ?? 0);
        c ^= mask & (products[at + 2] ?? 0);
        d ^= mask & (products[at + 3] ?? 0);
      }
    }
    tag[0] = a;
    tag[1] = b;
    tag[2] = c;
    tag[3] = d;
  }

  /** New nonces and their blocks: counter 1 is the tag's, 2 the text's. */
  private turn(): void {
    const { nonces, counters } = this;
    randomFillSync(nonces);
    for (let n = 0; n < PAGE; n++) {
      for (const [block, count] of [1, 2].entries()) {
        const to = n * ENTRY + block * BLOCK;
        nonces.copy(counters, to, n * NONCE, (n + 1) * NONCE);
        counters.writeUInt32BE(count, to + NONCE);
      }
    }
    this.stream = this.cipher.update(counters);
    this.at = 0;
  }

  private sumOf(label: Buffer, length: number): Int32Array {
    let sums = this.sums.get(label);
    if (!sums) this.sums.set(label, (sums = []));
    return (sums[length] ??= wordsOf(this.fixedPart(label, length)));
  }

  /** GHASH of label and lengths, a block of zeros in place of the text: all blocks are added, so the text's comes on top. */
  private fixedPart(label: Buffer, length: number): bigint {
    const { h } = this;
    let sum = 0n;
    for (let at = 0; at < label.length; at += BLOCK) {
      const block = Buffer.alloc(BLOCK);
      label.copy(block, 0, at);
      sum = product(sum ^ wordOf(block), h);
    }
    sum = product(sum, h);
    return product(sum ^ (BigInt(label.length * 8) << 64n) ^ BigInt(length * 8), h);
  }

  private assertOpens(key: KeyObject): void {
    const probe = '0123456789';
    const label = Buffer.from('probe');
    const [nonce = '', text = '', tag = ''] = this.seal(probe, label)?.split('.') ?? [];
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: BLOCK });
    decipher.setAAD(label).setAuthTag(Buffer.from(tag, 'base64url'));
    const opened = decipher.update(text, 'base64url', 'utf8') + decipher.final('utf8');
    if (opened !== probe) throw new Error('a short seal does not open');
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** The field's polynomial as SP 800-38D writes it: the first bit is that of x⁰. */
const R = 0xe1n << 120n;
const timesX = (v: bigint): bigint => ((v & 1n) === 1n ? (v >> 1n) ^ R : v >> 1n);

/** Of two elements of GF(2^128); for what is worked out once. */
function product(x: bigint, y: bigint): bigint {
  let z = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit--, v = timesX(v)) if (((x >> bit) & 1n) === 1n) z ^= v;
  return z;
}

function productsOf(y: bigint): Int32Array {
  const words = new Int32Array(128 * 4);
  let v = y;
  for (let bit = 0; bit < 128; bit++, v = timesX(v)) words.set(wordsOf(v), bit * 4);
  return words;
}

const wordOf = (block: Buffer): bigint => BigInt(`0x${block.toString('hex')}`);
const wordsOf = (v: bigint): Int32Array =>
  Int32Array.from([96n, 64n, 32n, 0n], (shift) => Number(BigInt.asIntN(32, v >> shift)));

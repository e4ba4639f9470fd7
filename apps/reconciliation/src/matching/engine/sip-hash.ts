/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) with 128 and 64 bits of result. Keyed, because who pays may choose references: without
 * the key nobody can make keys that fall into one partition or meet in one hash. 64-bit words are kept as two halves; the
 * rounds stand once, in a loop over all steps, so that the compiler keeps the state in registers.
 */
export class SipHash {
  /** The last result, most significant word first as the reference writes its bytes. */
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;
  private readonly k: Int32Array;

  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new Error('a SipHash key has 16 bytes');
    this.k = new Int32Array(4);
    for (let word = 0; word < 4; word++) this.k[word] = wordAt(key, word * 4);
  }

  /** 128 bits over bytes[from, to) into h0..h3. */
  hash128(bytes: Uint8Array, from: number, to: number): void {
    this.run(bytes, from, to, true);
  }

  /** 64 bits over bytes[from, to) into h0, h1. Both are 0 for no bytes at all: an absent value is equal to none. */
  hash64(bytes: Uint8Array, from: number, to: number): void {
    if (from < to) return this.run(bytes, from, to, false);
    this.h0 = this.h1 = 0;
  }

  /** Long on purpose: one body of rounds, or it is three times as slow. */
  private run(bytes: Uint8Array, from: number, to: number, wide: boolean): void {
    const k = this.k;
    const [k0l, k0h, k1l, k1h] = [k[0] as number, k[1] as number, k[2] as number, k[3] as number];
    let v0l = k0l ^ 0x70736575;
    let v0h = k0h ^ 0x736f6d65;
    let v1l = k1l ^ 0x6e646f6d ^ (wide ? 0xee : 0);
    let v1h = k1h ^ 0x646f7261;
    let v2l = k0l ^ 0x6e657261;
    let v2h = k0h ^ 0x6c796765;
    let v3l = k1l ^ 0x79746573;
    let v3h = k1h ^ 0x74656462;
    const blocks = ((to - from) >> 3) + 1;
    const steps = wide ? blocks + 2 : blocks + 1;
    for (let step = 0; step < steps; step++) {
      let ml = 0;
      let mh = 0;
      let rounds = 4;
      if (step < blocks) {
        rounds = 2;
        const at = from + step * 8;
        if (step < blocks - 1) {
          ml = wordAt(bytes, at);
          mh = wordAt(bytes, at + 4);
        } else {
          mh = ((to - from) & 0xff) << 24;
          for (let place = at; place < to; place++) {
            const shift = (place - at) * 8;
            if (shift < 32) ml |= (bytes[place] as number) << shift;
            else mh |= (bytes[place] as number) << (shift - 32);
          }
        }
        v3l ^= ml;
        v3h ^= mh;
      } else if (step === blocks) v2l ^= wide ? 0xee : 0xff;
      else v1l ^= 0xdd;
      for (; rounds > 0; rounds--) {
        // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
        let sum = (v0l >>> 0) + (v1l >>> 0);
        v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v0l = sum | 0;
        let high = (v1h << 13) | (v1l >>> 19);
        v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
        v1h = high ^ v0h;
        let swap = v0l;
        v0l = v0h;
        v0h = swap;
        // v2 += v3; v3 = rotl(v3, 16) ^ v2
        sum = (v2l >>> 0) + (v3l >>> 0);
        v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v2l = sum | 0;
        high = (v3h << 16) | (v3l >>> 16);
        v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
        v3h = high ^ v2h;
        // v0 += v3; v3 = rotl(v3, 21) ^ v0
        sum = (v0l >>> 0) + (v3l >>> 0);
        v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v0l = sum | 0;
        high = (v3h << 21) | (v3l >>> 11);
        v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
        v3h = high ^ v0h;
        // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
        sum = (v2l >>> 0) + (v1l >>> 0);
        v2h = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v2l = sum | 0;
        high = (v1h << 17) | (v1l >>> 15);
        v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
        v1h = high ^ v2h;
        swap = v2l;
        v2l = v2h;
        v2h = swap;
      }
      if (step < blocks) {
        v0l ^= ml;
        v0h ^= mh;
      } else if (step === blocks) {
        this.h0 = (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
        this.h1 = (v0h ^ v1h ^ v2h ^ v3h) >>> 0;
      } else {
        this.h2 = (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
        this.h3 = (v0h ^ v1h ^ v2h ^ v3h) >>> 0;
      }
    }
  }
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

import { sipModule } from './sip-module';

/** Result and state come before the texts. */
const TEXTS = 64;
const PAGE = 65_536;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** As far as it is used here: the compiler's own words for it come with a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { memory: Memory; run: (at: number, n: number, wide: number) => void } };
};

let compiled: object | undefined;

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) with 128 and 64 bits of result. Keyed, because who pays may choose references: without
 * the key nobody can make keys that fall into one partition or meet in one hash. It hashes what lies in its own memory, so
 * files are read straight into it.
 */
export class SipHash {
  /** The last result: the reference's bytes as words, the least significant byte first. */
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;
  private text: Buffer;
  private words: Uint32Array;
  private readonly memory: Memory;
  private readonly run: (at: number, n: number, wide: number) => void;

  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new Error('a SipHash key has 16 bytes');
    compiled ??= new WebAssembly.Module(sipModule());
    const { exports } = new WebAssembly.Instance(compiled);
    this.memory = exports.memory;
    this.run = exports.run;
    const bytes = Buffer.from(this.memory.buffer);
    STATE.forEach((constant, n) => {
      const half = Buffer.from(key).readBigUInt64LE((n % 2) * 8);
      bytes.writeBigUInt64LE(constant ^ half, 16 + n * 8);
    });
    [this.text, this.words] = this.views();
  }

  /** Where texts are put to be hashed, at least so many bytes. What was there before may be gone, and so may earlier rooms. */
  room(bytes: number): Buffer {
    const missing = TEXTS + bytes + 8 - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      [this.text, this.words] = this.views();
    }
    return this.text;
  }

  /** 128 bits over room[from, to) into h0..h3. */
  hash128(from: number, to: number): void {
    this.run(TEXTS + from, to - from, 0xee);
    const { words } = this;
    this.h0 = words[0] as number;
    this.h1 = words[1] as number;
    this.h2 = words[2] as number;
    this.h3 = words[3] as number;
  }

  /** 64 bits over room[from, to) into h0, h1. Both are 0 for no bytes at all: an absent value is equal to none. */
  hash64(from: number, to: number): void {
    if (from === to) {
      this.h0 = this.h1 = 0;
      return;
    }
    this.run(TEXTS + from, to - from, 0);
    this.h0 = this.words[0] as number;
    this.h1 = this.words[1] as number;
  }

  /** Puts a text alone into the room. @returns its length */
  put(text: string | Uint8Array): number {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.room(bytes.length).set(bytes);
    return bytes.length;
  }

  private views(): [Buffer, Uint32Array] {
    const { buffer } = this.memory;
    return [Buffer.from(buffer, TEXTS, buffer.byteLength - TEXTS - 8), new Uint32Array(buffer, 0, 4)];
  }
}

/** "somepseudorandomlygeneratedbytes" */
const STATE = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];

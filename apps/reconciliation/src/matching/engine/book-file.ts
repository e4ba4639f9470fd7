import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { BookOf } from './fact-records';
import { RECORD_BYTES, WORDS } from './record';
import { sortRecords } from './sort-records';
import type { Scratch } from './scratch';
import { BlockReader, readWhole, recordsOf, SpillDamaged, type Block } from './spill';

/** What stands beside a sealed book's records. */
export interface BookManifest {
  book: BookOf;
  /** Over what it was made of; a book of other inputs is another one. */
  inputs: string;
  bits: number;
  /** First record of each partition, and the number of all. */
  starts: number[];
  crcs: number[];
  facts: number;
  /** Code of channel and partner → `channel\tpartner`. */
  names: [code: number, name: string][];
  /** Payment numbers that are not ours in form; always for the classifier. */
  strange: string[];
  sums: Record<string, { count: number; amount: string }>;
}

/** Sorts one partition and writes it where it belongs. @returns the CRC of its bytes */
export function sealPartition(
  file: string,
  blocks: readonly Block[],
  at: number,
  bits: number,
  scratch: Scratch,
): number {
  const reader = new BlockReader();
  const fd = openSync(file, 'r+');
  try {
    const sorted = sortRecords(reader.read(blocks, scratch.take('read', recordsOf(blocks) * WORDS)), bits, scratch);
    const bytes = new Uint8Array(sorted.buffer, sorted.byteOffset, sorted.byteLength);
    writeSync(fd, bytes, 0, bytes.length, at * RECORD_BYTES);
    return crc32(bytes);
  } finally {
    closeSync(fd);
    reader.close();
  }
}

/** Where each partition of these blocks will begin, in records. */
export function startsOf(blocks: readonly Block[], bits: number): number[] {
  const counts = new Array<number>(1 << bits).fill(0);
  for (const block of blocks) counts[block.partition] = (counts[block.partition] ?? 0) + block.n;
  const starts = [0];
  for (const count of counts) starts.push((starts.at(-1) ?? 0) + count);
  return starts;
}

/** Reads the records of any partition, however the book itself was cut: what was sealed in one piece is checked in one piece. */
export class BookReader {
  private readonly fd: number;

  constructor(
    private readonly file: string,
    private readonly manifest: BookManifest,
    private readonly scratch: Scratch,
  ) {
    this.fd = openSync(file, 'r');
  }

  /** Sorted records whose hash begins with these bits. */
  read(partition: number, bits: number): Uint32Array {
    const own = this.manifest.bits;
    if (own >= bits) return this.whole(partition << (own - bits), (partition + 1) << (own - bits));
    const words = this.whole(partition >> (bits - own), (partition >> (bits - own)) + 1);
    const unit = 2 ** (32 - bits);
    return words.subarray(firstFrom(words, partition * unit), firstFrom(words, (partition + 1) * unit));
  }

  close(): void {
    closeSync(this.fd);
  }

  private whole(from: number, to: number): Uint32Array {
    const { starts, crcs } = this.manifest;
    const [first, end] = [starts[from] ?? 0, starts[to] ?? 0];
    const words = this.scratch.take(this.file, (end - first) * WORDS);
    readWhole(this.fd, new Uint8Array(words.buffer, words.byteOffset, words.byteLength), first * RECORD_BYTES);
    for (let piece = from; piece < to; piece++) {
      const [at, next] = [starts[piece] ?? 0, starts[piece + 1] ?? 0];
      const bytes = new Uint8Array(
        words.buffer,
        words.byteOffset + (at - first) * RECORD_BYTES,
        (next - at) * RECORD_BYTES,
      );
      if (crc32(bytes) !== crcs[piece])
        throw new SpillDamaged(`${this.file}, partition ${piece}: other bytes than sealed`);
    }
    return words;
  }
}

/** Word index of the first record whose hash begins at or after `h0`. */
export function firstFrom(words: Uint32Array, h0: number): number {
  let low = 0;
  let high = words.length / WORDS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle * WORDS] as number) < h0) low = middle + 1;
    else high = middle;
  }
  return low * WORDS;
}

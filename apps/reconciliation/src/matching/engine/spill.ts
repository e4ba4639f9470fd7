import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { partitionOf, WORDS } from './record';

/** Records of one partition written together: 64 KiB. */
const BLOCK = 1_024;

/** Where records of a partition lie. */
export interface Block {
  file: string;
  partition: number;
  /** In bytes. */
  at: number;
  /** Records. */
  n: number;
  crc: number;
}

/** Sorts records into partitions as they come; memory is one block a partition, open files are one. */
export class Spill {
  readonly blocks: Block[] = [];
  private readonly words: Uint32Array[] = [];
  private readonly filled: number[] = [];
  private readonly fd: number;
  private end = 0;

  constructor(
    private readonly file: string,
    private readonly bits: number,
  ) {
    this.fd = openSync(file, 'w');
  }

  /** Copies one record in. */
  add(record: Uint32Array): void {
    const partition = partitionOf(record[0] as number, this.bits);
    let words = this.words[partition];
    if (!words) words = this.words[partition] = new Uint32Array(BLOCK * WORDS);
    const at = this.filled[partition] ?? 0;
    for (let word = 0; word < WORDS; word++) words[at + word] = record[word] as number;
    if (at + WORDS === words.length) this.write(partition, words, BLOCK);
    else this.filled[partition] = at + WORDS;
  }

  /** What is left in the blocks is written; nothing can be added any more. */
  close(): Block[] {
    this.words.forEach((words, partition) => {
      const n = (this.filled[partition] ?? 0) / WORDS;
      if (n > 0) this.write(partition, words, n);
    });
    closeSync(this.fd);
    return this.blocks;
  }

  private write(partition: number, words: Uint32Array, n: number): void {
    const bytes = new Uint8Array(words.buffer, 0, n * WORDS * 4);
    writeSync(this.fd, bytes);
    this.blocks.push({ file: this.file, partition, at: this.end, n, crc: crc32(bytes) });
    this.end += bytes.length;
    this.filled[partition] = 0;
  }
}

export const recordsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + block.n, 0);

/** Bytes on disk are not those that were written. */
export class SpillDamaged extends Error {
  override readonly name = 'SpillDamaged';
}

/** Reads blocks one after the other into one array; files stay open until closed. */
export class BlockReader {
  private readonly files = new Map<string, number>();

  /** @param into at least as long as the blocks are */
  read(blocks: readonly Block[], into?: Uint32Array): Uint32Array {
    const words = into ?? new Uint32Array(recordsOf(blocks) * WORDS);
    let at = 0;
    for (const block of blocks) {
      const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, block.n * WORDS * 4);
      readWhole(this.open(block.file), bytes, block.at);
      if (crc32(bytes) !== block.crc) throw new SpillDamaged(`${block.file} at ${block.at}: other bytes than written`);
      at += block.n * WORDS;
    }
    return words;
  }

  open(file: string): number {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const fd = openSync(file, 'r');
    this.files.set(file, fd);
    return fd;
  }

  close(): void {
    for (const fd of this.files.values()) closeSync(fd);
    this.files.clear();
  }
}

/** @throws SpillDamaged when the file ends before */
export function readWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const n = readSync(fd, bytes, done, bytes.length - done, position + done);
    if (n === 0) throw new SpillDamaged(`the file ends ${bytes.length - done} bytes too early`);
    done += n;
  }
}

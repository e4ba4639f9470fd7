import { closeSync, openSync } from 'node:fs';
import type { StatementLine } from '../../statements/statement';
import { readCopied } from './copied-line';
import { ORIGIN_BYTES, type CopyFiles } from './line-copy';
import { readWhole } from './spill';
import type { LineRef } from './statement-chunk';
import type { LineReader, ReadLines } from './yd1-lines';

/** Reads single lines of a copy back: each is again the line that the reader of its format gave, with its place in the file. */
export class CopiedLines implements LineReader {
  constructor(
    private readonly files: CopyFiles,
    /** Line number of each chunk's first line within the copy, from 1. */
    private readonly chunkStarts: readonly number[],
  ) {}

  read(refs: readonly LineRef[]): Promise<ReadLines> {
    const { lines, raws, origins } = this.files;
    const places = [...refs].sort((a, b) => a.offset - b.offset);
    const fds = [lines, raws, origins].map(({ path }) => openSync(path, 'r'));
    try {
      const read = places.map((ref) => this.line(ref, fds as [number, number, number]));
      return Promise.resolve({ lines: read, named: [], unreadable: [], header: null, declared: null, faults: [] });
    } finally {
      fds.forEach((fd) => closeSync(fd));
    }
  }

  private line(ref: LineRef, [lines, raws, origins]: [number, number, number]): StatementLine {
    const line = readCopied(bytesOf(lines, ref.offset, ref.length).toString());
    const n = (this.chunkStarts[ref.chunk] ?? 1) + ref.line - 1;
    const origin = bytesOf(origins, n * ORIGIN_BYTES, ORIGIN_BYTES);
    const offset = origin.readDoubleLE(0);
    const raw = bytesOf(raws, origin.readDoubleLE(8), origin.readUInt32LE(16)).toString();
    return { ...line, ...(offset >= 0 ? { offset } : {}), raw };
  }
}

function bytesOf(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readWhole(fd, bytes, from);
  return bytes;
}

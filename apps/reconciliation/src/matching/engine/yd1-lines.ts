import { closeSync, openSync } from 'node:fs';
import { readStatement } from '@yidian/connectors/bank-direct/statement-format';
import type { StatementSums } from '@yidian/connectors/contract';
import { isNamed, ourLine } from '../../statements/our-line';
import type { NamedLine, StatementLine, UnreadableLine } from '../../statements/statement';
import { readWhole } from './spill';
import type { LineRef } from './statement-chunk';

export interface ReadLines {
  lines: StatementLine[];
  named: NamedLine[];
  unreadable: UnreadableLine[];
  header: { provider: string; date: string; currency: string } | null;
  declared: StatementSums | null;
  /** What the reader says of header and trailer. */
  faults: string[];
}

/** Lines of the statement by their places, as its reader gives them. */
export interface LineReader {
  /** @param header put before them, where they come from the middle of a file that begins with one */
  read(refs: readonly LineRef[], header?: string): Promise<ReadLines>;
}

const NEWLINE = Buffer.from('\n');

/**
 * Reads single lines of a file through the very reader of its format, as a file of these lines alone: what a line means is
 * decided in one place. Line numbers and offsets are those of the whole file.
 */
export class Yd1Lines implements LineReader {
  constructor(
    private readonly path: string,
    /** Line number of each chunk's first line, from 1. */
    private readonly chunkStarts: readonly number[],
  ) {}

  async read(refs: readonly LineRef[], header?: string): Promise<ReadLines> {
    const places = [...refs].sort((a, b) => a.offset - b.offset);
    const read: ReadLines = { lines: [], named: [], unreadable: [], header: null, declared: null, faults: [] };
    const first = header === undefined ? 1 : 2;
    const placed = <T extends { line: number; offset?: number }>(line: T): T => {
      const ref = places[line.line - first];
      return ref ? { ...line, line: this.lineOf(ref), offset: ref.offset } : line;
    };
    const totals = await readStatement(this.bytes(places, header), {
      line: (line) => {
        const ours = placed(ourLine(line));
        if (isNamed(ours)) read.named.push(ours);
        else read.lines.push(ours);
      },
      finding: ({ fileLine, reason, raw, ofFile }) => {
        if (ofFile) read.faults.push(reason);
        else read.unreadable.push(placed({ line: fileLine, reason, raw: raw.toString('latin1') }));
      },
    });
    return { ...read, header: totals.header, declared: totals.declared };
  }

  private lineOf({ chunk, line }: LineRef): number {
    return (this.chunkStarts[chunk] ?? 1) + line;
  }

  private async *bytes(places: readonly LineRef[], header?: string): AsyncGenerator<Uint8Array> {
    if (header !== undefined) yield await Promise.resolve(Buffer.from(`${header}\n`));
    const fd = openSync(this.path, 'r');
    try {
      for (const { offset, length } of places) {
        const bytes = Buffer.allocUnsafe(length);
        readWhole(fd, bytes, offset);
        yield bytes;
        yield NEWLINE;
      }
    } finally {
      closeSync(fd);
    }
  }
}

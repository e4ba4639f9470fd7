import { randomUUID } from 'node:crypto';
import type { StatementLine } from '../../statements/statement';
import { copiedLine } from './copied-line';
import { CopyFileWriter, isWhole, type CopyFile } from './copy-file';

/** A statement of any format as the engine reads it: its lines, and beside them where each came from. */
export interface CopyFiles {
  lines: CopyFile;
  /** The raw texts, one behind the other. */
  raws: CopyFile;
  /** ORIGIN_BYTES for each line, in their order. */
  origins: CopyFile;
}

/** Offset in the file, or -1; place and length of the raw text. */
export const ORIGIN_BYTES = 20;

const NAMES = ['lines', 'raws', 'origins'] as const;

/**
 * Writes down the lines of a statement as they are read, one after the other: memory is a few blocks, whatever the size of
 * the file. The same lines give the same bytes.
 */
export class LineCopy {
  private readonly writers: Record<(typeof NAMES)[number], CopyFileWriter>;
  private readonly origin = Buffer.alloc(ORIGIN_BYTES);

  /** @param place path that the names of the files begin with */
  constructor(place: string) {
    const own = randomUUID();
    const writer = (name: string) => new CopyFileWriter(`${place}.${name}`, own);
    this.writers = { lines: writer('lines'), raws: writer('raws'), origins: writer('origins') };
  }

  add(line: StatementLine): void {
    const { lines, raws, origins } = this.writers;
    const { origin } = this;
    const from = raws.length;
    lines.text(`${copiedLine(line)}\n`);
    raws.text(line.raw);
    origin.writeDoubleLE(line.offset ?? -1, 0);
    origin.writeDoubleLE(from, 8);
    origin.writeUInt32LE(raws.length - from, 16);
    origins.bytes(origin);
  }

  end(): CopyFiles {
    const { lines, raws, origins } = this.writers;
    return { raws: raws.end(), origins: origins.end(), lines: lines.end() };
  }

  drop(): void {
    for (const name of NAMES) this.writers[name].drop();
  }
}

/** A copy that lies there and is what was written. */
export async function isWholeCopy(files: CopyFiles): Promise<boolean> {
  for (const name of NAMES) if (!(await isWhole(files[name]))) return false;
  return true;
}

import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** One line as far as two versions of a file can differ in it. */
export interface SpilledLine {
  kind: string;
  ourRef: string;
  txnId: string;
  amount: string;
  fee: string;
  /** All of it but its place in the file. */
  content: string;
  line: number;
}

const PARTS = 64;
/** Kept in memory per part before it goes to disk: small files never touch it. */
const PART_BYTES = 128 * 1024;

/**
 * Lines of a file of any size, split by their key into parts that are small enough to be looked at whole. Lines of one key
 * are in one part.
 */
export class LineSpill {
  private readonly waiting: { text: string; written: boolean }[] = Array.from({ length: PARTS }, () => ({
    text: '',
    written: false,
  }));
  private folder: string | undefined;

  /** @param place folder for what does not fit in memory; nothing is left there after `close` */
  constructor(private readonly place: string) {}

  static readonly parts = PARTS;

  add(line: SpilledLine): void | Promise<void> {
    const part = partOf(keyOf(line));
    const own = this.waiting[part];
    if (!own) throw new RangeError(`no part ${part}`);
    own.text += `${JSON.stringify(line)}\n`;
    if (own.text.length >= PART_BYTES) return this.flush(part, own);
  }

  async part(part: number): Promise<SpilledLine[]> {
    const own = this.waiting[part];
    const onDisk = own?.written && this.folder ? await readFile(join(this.folder, `${part}`), 'utf8') : '';
    return `${onDisk}${own?.text ?? ''}`
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as SpilledLine);
  }

  async close(): Promise<void> {
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  private async flush(part: number, own: { text: string; written: boolean }): Promise<void> {
    if (this.folder === undefined) {
      await mkdir(this.place, { recursive: true });
      this.folder = await mkdtemp(join(this.place, 'compare-'));
    }
    await appendFile(join(this.folder, `${part}`), own.text);
    own.text = '';
    own.written = true;
  }
}

/** One transaction of one kind; a line without a transaction is known by our number. */
export const keyOf = ({ kind, txnId, ourRef }: SpilledLine): string => `${kind}\u001f${txnId || `\u001f${ourRef}`}`;

/** Parts only spread the lines: no promise lies in which part a key falls. */
function partOf(key: string): number {
  let hash = 0;
  for (let n = 0; n < key.length; n++) hash = (Math.imul(hash, 31) + key.charCodeAt(n)) | 0;
  return (hash >>> 8) % PARTS;
}

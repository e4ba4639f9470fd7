import { MoneyError } from '@yidian/money';
import { rawLines } from '../contract/lines';
import {
  UnreadableFile,
  type StatementFinding,
  type StatementFormat,
  type StatementLine,
  type StatementOrigin,
  type StatementSink,
  type StatementSums,
  type StatementTotals,
} from '../contract/statement';
import { Cells, clean, columnsOf, split, Unreadable } from './bill-cells';
import { DayNames } from './day-names';
import { isGzip, plainHead, unpacked } from './gzip';

/**
 * Reads WeChat Pay's bills: UTF-8 (with or without BOM, compressed or not), a header, lines, then a summary header and its
 * values. A line that cannot be read is a finding with its raw bytes and the rest goes on; memory is one line.
 */
export interface BillShape {
  name: string;
  /** Columns without which it is another file. */
  needs: readonly string[];
  /** First column of the summary's header. */
  summary: string;
  /** @throws Unreadable, MoneyError */
  line(cells: Cells): BillLine;
  tally(): Tally;
}
export type BillLine = Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'>;

/** Sums the columns as they are printed, so that the summary is compared with what it sums. */
export interface Tally {
  add(cells: Cells, line: BillLine): void;
  /** Declared − read for amounts and fees. @throws Unreadable, MoneyError */
  unread(summary: Cells): { amount?: bigint; fee?: bigint; lines?: number; exact: boolean };
}

const MAX_LINE = 16_384;
const MAX_RAW = 4_096;
/** The summary's first name stands among these characters of its line. */
const SUMMARY_AT = 32;

export function billFormat(shape: BillShape): StatementFormat {
  return {
    name: shape.name,
    closed: true,
    recognises: (head) => headerOf(firstLine(plainHead(head)), shape) !== null,
    read: async (source, sink, origin) => {
      const reader = new BillReader(shape, sink, origin);
      await reader.readAll(source);
      return reader.totals();
    },
  };
}

interface Header {
  columns: Map<string, number>;
  encoding: 'utf-8' | 'gb18030';
}

/** GB 18030 only where the header is no UTF-8: a file that was saved again by a spreadsheet. */
function headerOf(line: Buffer, shape: BillShape): Header | null {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(line);
      const columns = columnsOf(split(text));
      if (columns && shape.needs.every((name) => columns.has(name))) return { columns, encoding };
    } catch {
      continue; // not in this encoding
    }
  }
  return null;
}

function firstLine(head: Buffer): Buffer {
  const end = head.indexOf(10);
  return end === -1 ? head : head.subarray(0, end);
}

class BillReader {
  private readonly sums: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private readonly tally: Tally;
  private header: Header | null = null;
  private decoder = new TextDecoder('utf-8', { fatal: true });
  private summaryColumns: Map<string, number> | null = null;
  private difference: ReturnType<Tally['unread']> | null = null;
  private unreadable = 0;
  private damaged = false;
  private bytes = 0;
  private packed = false;
  private currency = '';
  private readonly days = new DayNames();
  /** Accounting dates of what was read; more than two are no better than two. */
  private readonly dates = new Set<string>();

  constructor(
    private readonly shape: BillShape,
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
  ) {
    this.tally = shape.tally();
  }

  async readAll(source: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const { line, fileLine, offset } of rawLines(unpacked(this.watched(source))))
        await this.take(line, fileLine, offset);
    } catch (error) {
      if (!isDamagedZip(error)) throw error;
      this.damaged = true;
      await this.ofFile('the compressed file is cut or damaged');
    }
    if (!this.header) throw new UnreadableFile(`no header of ${this.shape.name}`);
    if (this.strangeDate()) await this.ofFile('nothing in the file is of the date asked for');
  }

  totals(): StatementTotals {
    const { sums: read, difference, unreadable, bytes, currency } = this;
    const unread = difference && without(difference);
    const declared = unread && added(read, unread);
    const agrees =
      difference?.exact === true && unreadable === 0 && !this.damaged && !this.strangeDate() && isZero(unread ?? {});
    const date = this.dates.size === 1 ? ([...this.dates][0] ?? '') : '';
    return { header: { provider: '', date, currency }, declared, read, unreadable, unread, agrees, bytes };
  }

  /** Notes whether the bytes are compressed: then offsets in the file mean nothing. */
  private async *watched(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let head: Buffer = Buffer.alloc(0);
    for await (const chunk of source) {
      if (head.length < 2) {
        head = Buffer.concat([head, chunk.subarray(0, 2)]);
        this.packed = isGzip(head);
      }
      yield chunk;
    }
  }

  private async take(raw: Buffer, fileLine: number, offset: number): Promise<void> {
    this.bytes = offset + raw.length;
    if (isBlank(raw)) return;
    const at = { fileLine, offset: this.packed ? -1 : offset };
    const parsed = this.attempt(raw, at);
    if (parsed === null) return;
    if ('reason' in parsed) {
      if (!parsed.ofFile) this.unreadable++;
      return await this.sink.finding(parsed);
    }
    await this.sink.line(parsed);
  }

  private attempt(raw: Buffer, at: { fileLine: number; offset: number }): StatementLine | StatementFinding | null {
    if (!this.header) return this.takeHeader(raw);
    const ofFile = this.summaryColumns !== null && this.difference === null;
    try {
      return this.parse(raw, at);
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof MoneyError)) throw error;
      return { ...at, reason: error.message, raw: Buffer.from(raw.subarray(0, MAX_RAW)), ofFile };
    }
  }

  private parse(raw: Buffer, at: { fileLine: number; offset: number }): StatementLine | null {
    if (raw.length > MAX_LINE) throw new Unreadable('line too long');
    const text = this.decode(raw);
    if (this.difference) throw new Unreadable('after the summary');
    if (this.summaryColumns) return this.takeSummary(text, this.summaryColumns);
    if (text.slice(0, SUMMARY_AT).includes(this.shape.summary) && clean(split(text)[0] ?? '') === this.shape.summary) {
      this.summaryColumns = columnsOf(split(text));
      return null;
    }
    const { columns } = this.header ?? { columns: new Map<string, number>() };
    const cells = new Cells(columns, split(text, columns.size));
    const line = this.shape.line(cells);
    this.count(cells, line);
    return { ...line, ...at, n: this.sums.lines, raw: text };
  }

  private count(cells: Cells, line: BillLine): void {
    this.tally.add(cells, line);
    this.sums.lines++;
    this.sums.amount += line.amount;
    this.sums.fee += line.fee;
    this.currency ||= line.currency;
    const date = this.days.of(line.occurredAt);
    if ((line.kind !== 'REFUND' && this.dates.size < 2) || date === this.origin.date) this.dates.add(date);
  }

  private takeHeader(raw: Buffer): null {
    this.header = headerOf(raw, this.shape);
    if (!this.header) throw new UnreadableFile(`no header of ${this.shape.name}`);
    this.decoder = new TextDecoder(this.header.encoding, { fatal: true });
    return null;
  }

  private takeSummary(text: string, columns: Map<string, number>): null {
    const difference = this.tally.unread(new Cells(columns, split(text, columns.size)));
    this.difference = {
      ...difference,
      ...(difference.lines === undefined ? {} : { lines: difference.lines - this.sums.lines }),
    };
    return null;
  }

  private decode(raw: Buffer): string {
    try {
      return this.decoder.decode(raw);
    } catch {
      throw new Unreadable('not in the encoding of the header');
    }
  }

  /** Refunds stand under the date they were asked for; everything else must know the date asked for at least once. */
  private strangeDate(): boolean {
    return this.origin.date !== undefined && this.dates.size > 0 && !this.dates.has(this.origin.date);
  }

  private async ofFile(reason: string): Promise<void> {
    await this.sink.finding({ fileLine: 0, offset: -1, reason, raw: Buffer.alloc(0), ofFile: true });
  }
}

const isBlank = (raw: Buffer): boolean => raw.every((byte) => byte <= 0x20 || byte === 0x2c);
const isZero = ({ lines = 0, amount = 0n, fee = 0n }: Partial<StatementSums>): boolean =>
  lines === 0 && amount === 0n && fee === 0n;
const without = ({ lines, amount, fee }: ReturnType<Tally['unread']>): Partial<StatementSums> => ({
  ...(lines === undefined ? {} : { lines }),
  ...(amount === undefined ? {} : { amount }),
  ...(fee === undefined ? {} : { fee }),
});

/** Declared in the roundings of the lines, so that parts of a fen are no difference between a file and itself. */
const added = (read: StatementSums, { lines, amount, fee }: Partial<StatementSums>): Partial<StatementSums> => ({
  ...(lines === undefined ? {} : { lines: read.lines + lines }),
  ...(amount === undefined ? {} : { amount: read.amount + amount }),
  ...(fee === undefined ? {} : { fee: read.fee + fee }),
});

const isDamagedZip = (error: unknown): boolean => /^Z_/.test(String((error as { code?: unknown } | null)?.code));

import { MoneyError } from '@yidian/money';
import type {
  StatementLine,
  StatementOrigin,
  StatementSink,
  StatementSums,
  StatementTotals,
} from '../contract/statement';
import { Cells, columnsOf, fitted, split, Unreadable } from './bill-cells';
import { isEnd, startDate, totalOf } from './bill-frame';
import { Sections } from './bill-sections';
import { isHeader, type BillShape } from './bill-shape';
import { BillText } from './bill-text';

type Place = { fileLine: number; offset: number };

const MAX_LINE = 16_384;
const MAX_RAW = 4_096;

/**
 * Reads Alipay's bills: comments, a header, lines, comments with the totals. A line that cannot be read is a finding with its
 * raw bytes and the rest goes on; memory is one line.
 */
export class BillReader {
  private readonly sums: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private readonly sections: Sections;
  private text = new BillText();
  private columns: Map<string, number> | null = null;
  /** Of a line, in values. */
  private width = 0;
  private ended = false;
  private packed = false;
  private date = '';
  private unreadable = 0;
  private flawed = false;
  private bytes = 0;
  /** Bytes of the members before this one. */
  private before = 0;
  /** A header was found. */
  begun = false;

  constructor(
    private readonly shape: BillShape,
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
  ) {
    this.sections = new Sections(shape.sections);
  }

  /** The next member of the same bill, or the only one; where it is packed, offsets mean nothing. */
  next(packed: boolean): void {
    this.text = new BillText();
    this.columns = null;
    this.ended = false;
    this.packed = packed;
    this.before = this.bytes;
  }

  async damaged(reason: string): Promise<void> {
    await this.ofFile({ fileLine: 0, offset: -1 }, reason, Buffer.alloc(0));
  }

  async take(raw: Buffer, fileLine: number, offset: number): Promise<void> {
    this.bytes = this.before + offset + raw.length;
    const at = { fileLine, offset: this.packed ? -1 : offset };
    try {
      if (raw.length > MAX_LINE) throw new Unreadable('line too long');
      const text = this.text.line(raw);
      if (text === null) throw new Unreadable('not in the encoding of the lines before');
      const line = await this.understood(text, raw, at);
      if (line) await this.sink.line(line);
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof MoneyError)) throw error;
      if (!this.columns) return; // nothing before the header is a line
      this.unreadable++;
      await this.sink.finding({ ...at, reason: error.message, raw: cut(raw), ofFile: false });
    }
  }

  totals(): StatementTotals {
    const { sums: read, unreadable, bytes, date } = this;
    const compared = this.sections.compared();
    const unread = compared && { lines: compared.lines, amount: compared.amount };
    const declared = unread && { lines: read.lines + unread.lines, amount: read.amount + unread.amount };
    const agrees = compared?.exact === true && unreadable === 0 && !this.flawed;
    return { header: { provider: '', date, currency: 'CNY' }, declared, read, unreadable, unread, agrees, bytes };
  }

  private async understood(text: string, raw: Buffer, at: Place): Promise<StatementLine | null> {
    const plain = text.replace(/^"/, '').trimStart();
    if (/^[\s,]*$/.test(plain)) return null;
    if (plain.startsWith('#')) {
      await this.comment(plain, raw, at);
      return null;
    }
    if (this.columns) return this.line(text, this.columns, at);
    if (!isHeader(text, this.shape)) {
      await this.dated(text, raw, at);
      return null;
    }
    this.columns = columnsOf(split(text));
    this.width = Math.max(...(this.columns?.values() ?? [])) + 1;
    this.begun = true;
    return null;
  }

  private line(text: string, columns: Map<string, number>, at: Place): StatementLine {
    if (this.ended) throw new Unreadable('after the end of the list');
    const cells = new Cells(columns, fitted(split(text), this.width));
    const line = this.shape.line(cells);
    this.sections.add(line, cells);
    this.sums.lines++;
    this.sums.amount += line.amount;
    this.sums.fee += line.fee;
    return { ...line, ...at, n: this.sums.lines, raw: text };
  }

  private async comment(text: string, raw: Buffer, at: Place): Promise<void> {
    if (!this.columns) return this.dated(text, raw, at);
    if (isEnd(text)) this.ended = true;
    if (!/合计[：:]/.test(text)) return;
    this.ended = true;
    const total = totalOf(text);
    if (!total || !this.sections.declare(total)) await this.ofFile(at, 'a total that cannot be read', cut(raw));
  }

  /** The dates stand before the header, in a comment; a file of another day than was asked for is a finding. */
  private async dated(text: string, raw: Buffer, at: Place): Promise<void> {
    const date = startDate(text);
    if (date === null) return;
    this.date ||= date;
    const { date: asked } = this.origin;
    if (asked !== undefined && asked !== date) await this.ofFile(at, 'the file is of another date', cut(raw));
  }

  private async ofFile(at: Place, reason: string, raw: Buffer): Promise<void> {
    this.flawed = true;
    await this.sink.finding({ ...at, reason, raw, ofFile: true });
  }
}

const cut = (raw: Buffer): Buffer => Buffer.from(raw.subarray(0, MAX_RAW));

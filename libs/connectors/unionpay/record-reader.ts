import { isAscii } from 'node:buffer';
import type {
  StatementFinding,
  StatementLine,
  StatementOrigin,
  StatementSink,
  StatementSums,
  StatementTotals,
} from '../contract/statement';
import { Unreadable, type Layout } from './fixed-width';
import type { ReadRecord } from './zm-lines';

/**
 * Takes records one by one and counts them. A record that cannot be read is a finding with its raw bytes, and the rest goes
 * on. These files declare no totals: what agrees is that every line was read.
 */
export interface RecordShape {
  layout: Layout;
  /** @throws Unreadable */
  read(record: Buffer, day: Date | null): ReadRecord;
  packed: boolean;
}
type Place = Pick<StatementLine, 'fileLine' | 'offset'>;

const MAX_RAW = 4_096;

export class RecordReader {
  private readonly sums: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private shape: RecordShape | null = null;
  private day: Date | null = null;
  private date = '';
  private unreadable = 0;
  private whole = true;
  private bytes = 0;

  constructor(
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
  ) {}

  /** @param date the accounting day by the name of the file or member, '' when it says none */
  async begin(date: string, shape: RecordShape): Promise<void> {
    this.shape = shape;
    this.date = date || this.date;
    const known = date || this.origin.date;
    this.day = known === undefined || known === '' ? null : new Date(`${known}T12:00:00+08:00`);
    if (date === '' || this.origin.date === undefined || date === this.origin.date) return;
    this.whole = false;
    await this.ofFile('the file is of another date than asked for');
  }

  async take(record: Buffer, place: Place): Promise<void> {
    this.bytes += record.length;
    if (record.every((byte) => byte <= 0x20 || byte === 0x1a)) return;
    const parsed = this.attempt(record, place);
    if (!('reason' in parsed)) return void (await this.sink.line(parsed));
    this.unreadable++;
    await this.sink.finding(parsed);
  }

  async damaged(): Promise<void> {
    this.whole = false;
    await this.ofFile('the compressed file is cut or damaged');
  }

  totals(): StatementTotals {
    const { sums: read, unreadable, bytes, date } = this;
    return {
      header: { provider: '', date, currency: 'CNY' },
      declared: null,
      read,
      unreadable,
      unread: null,
      agrees: unreadable === 0 && this.whole,
      bytes,
    };
  }

  private attempt(record: Buffer, place: Place): StatementLine | StatementFinding {
    try {
      if (!this.shape) throw new Unreadable('no record is expected here');
      const { line, card } = this.shape.read(record, this.day);
      this.sums.lines++;
      this.sums.amount += line.amount;
      this.sums.fee += line.fee;
      return { ...line, ...place, n: this.sums.lines, raw: shown(record, this.shape.layout, card) };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { ...place, reason: error.message, raw: Buffer.from(record.subarray(0, MAX_RAW)), ofFile: false };
    }
  }

  private async ofFile(reason: string): Promise<void> {
    await this.sink.finding({ fileLine: 0, offset: -1, reason, raw: Buffer.alloc(0), ofFile: true });
  }
}

/** The record as text. A card number is mostly masked already; where it is not, only its ends are kept. */
function shown(record: Buffer, { starts, widths, bytes }: Layout, card: number): string {
  const start = starts[card] ?? 0;
  const digits = record.toString('latin1', start, start + (widths[card] ?? 0)).trim();
  const whole = record.subarray(0, bytes);
  if (!/^\d{12,19}$/.test(digits)) return textOf(whole);
  const copy = Buffer.from(whole);
  const at = copy.indexOf(digits, start);
  return textOf(copy.fill('*', at + 6, at + digits.length - 4));
}

const textOf = (record: Buffer): string =>
  isAscii(record) ? record.toString('latin1') : new TextDecoder('gb18030').decode(record);

import {
  UnreadableFile,
  type StatementFormat,
  type StatementOrigin,
  type StatementSink,
  type StatementTotals,
} from '../contract/statement';
import { cellsOf, csvRecords, type CsvRecord } from './csv-records';
import { Columns, NEEDED, rowOf, UnreadableRow } from './report-rows';

export const BALANCE_FORMAT = 'stripe-balance';
export const PAYOUT_FORMAT = 'stripe-payout';
const MOST_RAW = 4_096;

/** Changes of the balance, one row each: `balance_change_from_activity.itemized.*`. */
export const StripeBalance: StatementFormat = {
  name: BALANCE_FORMAT,
  recognises: (head, origin) => kindOf(head, origin) === 'balance',
  read: (source, sink, origin) => new Reader(sink, NEEDED, origin.date).read(source),
};

/** What automatic payouts were made of, one row each: `payout_reconciliation.itemized.*`. */
export const StripePayout: StatementFormat = {
  name: PAYOUT_FORMAT,
  recognises: (head, origin) => kindOf(head, origin) === 'payout',
  read: (source, sink) => new Reader(sink, [...NEEDED, 'automatic_payout_id']).read(source),
};

/** Both reports can have the payout's column; the file's name says which one it is, else that column does. */
function kindOf(head: Buffer, { fileName }: StatementOrigin): 'balance' | 'payout' | null {
  const [line = ''] = head.toString('utf8').split(/\r?\n/, 1);
  const columns = new Columns(cellsOf(line.replace(/^\uFEFF/, '')));
  if (!NEEDED.every((name) => columns.has(name))) return null;
  if (/balance/i.test(fileName) || !columns.has('automatic_payout_id')) return 'balance';
  return 'payout';
}

/**
 * The reports declare no totals: each row proves itself by gross − fee = net, a broken one is quarantined, and whether
 * every row was read is all that can be said of the whole.
 */
class Reader {
  private readonly sums = { lines: 0, amount: 0n, fee: 0n };
  private readonly currencies = new Set<string>();
  private columns: Columns | null = null;
  private unreadable = 0;
  private bytes = 0;
  private readonly day: { from: number; to: number } | null;
  private ofTheDay = false;

  /** @param date of which at least one row must be, in Beijing; a payout's rows are of earlier dates */
  constructor(
    private readonly sink: StatementSink,
    private readonly needed: readonly string[],
    date?: string,
  ) {
    const from = Date.parse(`${date ?? ''}T00:00:00+08:00`);
    this.day = Number.isNaN(from) ? null : { from, to: from + 86_400_000 };
  }

  async read(source: AsyncIterable<Uint8Array>): Promise<StatementTotals> {
    for await (const record of csvRecords(source)) {
      this.bytes = record.end;
      if (this.columns) await this.take(record, this.columns);
      else this.columns = this.headerOf(record);
    }
    if (!this.columns) throw new UnreadableFile('the file is empty');
    const strange = this.day !== null && this.sums.lines > 0 && !this.ofTheDay;
    if (strange) await this.strangeDate();
    const { sums, unreadable, bytes } = this;
    const [currency = ''] = this.currencies.size === 1 ? this.currencies : [];
    const header = { provider: '', date: '', currency };
    const agrees = unreadable === 0 && !strange;
    return { header, declared: null, read: sums, unreadable, unread: null, agrees, bytes };
  }

  private async strangeDate(): Promise<void> {
    const reason = 'nothing in the file is of the date asked for';
    await this.sink.finding({ fileLine: 0, offset: -1, reason, raw: Buffer.alloc(0), ofFile: true });
  }

  private headerOf({ cells }: CsvRecord): Columns {
    const columns = new Columns(cells);
    const missing = this.needed.find((name) => !columns.has(name));
    if (missing !== undefined) throw new UnreadableFile(`no column ${missing}`);
    return columns;
  }

  private async take(record: CsvRecord, columns: Columns): Promise<void> {
    if (record.fault === null && record.cells.every((cell) => cell === '')) return;
    const { fileLine, offset, raw } = record;
    try {
      if (record.fault !== null) throw new UnreadableRow(record.fault);
      const row = rowOf(columns, record.cells);
      this.sums.lines++;
      this.sums.amount += row.amount;
      this.sums.fee += row.fee;
      this.currencies.add(row.currency);
      const at = row.occurredAt.getTime();
      this.ofTheDay ||= this.day !== null && at >= this.day.from && at < this.day.to;
      await this.sink.line({ ...row, fileLine, offset, n: this.sums.lines, raw: raw.toString('utf8') });
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      this.unreadable++;
      const bytes = Buffer.from(raw.subarray(0, MOST_RAW));
      await this.sink.finding({ fileLine, offset, reason: error.message, raw: bytes, ofFile: false });
    }
  }
}

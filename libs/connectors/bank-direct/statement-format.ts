import { fromDigits, MoneyError } from '@yidian/money';
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

/**
 * Reads our direct banks' statement (`YD1`): UTF-8, LF, `|`-separated, amounts in signed fen.
 *   H|YD1|<provider>|<date>|CNY
 *   D|<n>|PAY|<our number>|<txn id>|<orig txn id or empty>|<amount>|<fee>|CNY|<RFC 3339 time>|SUCCESS
 *   T|<detail lines>|<sum amount>|<sum fee>
 * A line that cannot be read is a finding with its raw bytes; the rest of the file goes on, and the control totals say
 * how much was not read. Memory is one line, whatever the size of the file. A byte order mark, CR before LF, blank lines and
 * space at a line's end say nothing.
 */
export const STATEMENT_FORMAT = 'YD1';

/** Longer than any line we know; a file without line ends must not fill the memory. */
const MAX_LINE = 4_096;

export const YD1: StatementFormat = {
  name: STATEMENT_FORMAT,
  closed: true,
  recognises: (head) => /^(?:\u00ef\u00bb\u00bf)?\s*H\|YD1\|/.test(head.toString('latin1', 0, 256)),
  read: async (source, sink, origin) => {
    const totals = await readStatement(source, sink, origin);
    if (!totals.header && !totals.declared) throw new UnreadableFile('neither a header nor a trailer of YD1');
    return totals;
  },
};

/** This format always declares all three sums, or none. */
export type Yd1Totals = StatementTotals & { declared: StatementSums | null; unread: StatementSums | null };

export async function readStatement(
  source: AsyncIterable<Uint8Array>,
  sink: StatementSink,
  origin?: StatementOrigin,
): Promise<Yd1Totals> {
  const reader = new Reader(sink, origin);
  for await (const { line, fileLine, offset } of rawLines(reader.counted(source)))
    await reader.take(line, fileLine, offset);
  return reader.totals();
}

class Reader {
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private readonly read: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private header: StatementTotals['header'] = null;
  private declared: StatementSums | null = null;
  private unreadable = 0;
  private bytes = 0;

  constructor(
    private readonly sink: StatementSink,
    private readonly origin?: StatementOrigin,
  ) {}

  async *counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  async take(line: Buffer, fileLine: number, offset: number): Promise<void> {
    const raw = fileLine === 1 && line.subarray(0, 3).equals(BOM) ? line.subarray(3) : line;
    if (raw.every((byte) => byte <= 0x20)) return;
    const parsed = this.attempt(raw, fileLine, offset);
    if (parsed === null) return;
    if ('reason' in parsed) {
      if (!parsed.ofFile) this.unreadable++;
      return await this.sink.finding(parsed);
    }
    this.read.lines++;
    this.read.amount += parsed.amount;
    this.read.fee += parsed.fee;
    await this.sink.line(parsed);
  }

  private attempt(raw: Buffer, fileLine: number, offset: number): StatementLine | StatementFinding | null {
    try {
      return this.parse(raw, fileLine, offset);
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof MoneyError)) throw error;
      const ofFile = raw[0] === 0x48 || raw[0] === 0x54; // what is no header or trailer may have been money
      return { fileLine, offset, reason: error.message, raw: Buffer.from(raw.subarray(0, MAX_LINE)), ofFile };
    }
  }

  totals(): Yd1Totals {
    const { header, declared, read, unreadable, bytes } = this;
    const unread = declared && {
      lines: declared.lines - read.lines,
      amount: declared.amount - read.amount,
      fee: declared.fee - read.fee,
    };
    const agrees = header !== null && unread !== null && unreadable === 0 && isZero(unread);
    return { header, declared, read, unreadable, unread, agrees, bytes };
  }

  private parse(raw: Buffer, fileLine: number, offset: number): StatementLine | null {
    if (raw.length > MAX_LINE) throw new Unreadable('line too long');
    const text = this.decode(raw).trimEnd();
    const fields = text.split('|');
    if (this.declared) throw new Unreadable('after the trailer');
    if (fields[0] === 'H') return this.takeHeader(fields);
    if (fields[0] === 'T') return this.takeTrailer(fields);
    if (!this.header) throw new Unreadable('before the header');
    if (fields[0] !== 'D') throw new Unreadable('unknown record');
    return { ...detail(fields), fileLine, offset, raw: text };
  }

  private decode(raw: Buffer): string {
    try {
      return this.utf8.decode(raw);
    } catch {
      throw new Unreadable('not UTF-8');
    }
  }

  private takeHeader(fields: string[]): null {
    const [, format, provider = '', date = '', currency = ''] = fields;
    if (fields.length !== 5 || format !== STATEMENT_FORMAT || this.header) throw new Unreadable('header');
    this.header = { provider, date, currency };
    const { origin } = this;
    if (origin?.provider && origin.provider !== provider) throw new Unreadable('the file is of another provider');
    if (origin?.date && origin.date !== date) throw new Unreadable('the file is of another date');
    return null;
  }

  private takeTrailer(fields: string[]): null {
    const [, count = '', amount = '', fee = ''] = fields;
    if (fields.length !== 4) throw new Unreadable('trailer');
    this.declared = { lines: counted(count), amount: fromDigits(amount), fee: fromDigits(fee) };
    return null;
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

type Detail = Omit<StatementLine, 'fileLine' | 'offset' | 'raw'>;

function detail(fields: string[]): Detail {
  const [, n = '', kind = '', ourNumber = '', providerTxnId = '', origTxnId = '', amount = '', fee = ''] = fields;
  const [currency = '', time = '', state = ''] = fields.slice(8);
  if (fields.length !== 11) throw new Unreadable('number of fields');
  if (kind !== 'PAY' && kind !== 'REFUND' && kind !== 'REVERSAL') throw new Unreadable('kind');
  if (!/^[A-Za-z0-9]{1,32}$/.test(ourNumber)) throw new Unreadable('our number');
  if (!/^[\x21-\x7b\x7d\x7e]{1,64}$/.test(providerTxnId)) throw new Unreadable('transaction id');
  if (!/^[A-Z]{3}$/.test(currency)) throw new Unreadable('currency');
  const sum = fromDigits(amount);
  if (kind === 'PAY' ? sum <= 0n : sum >= 0n) throw new Unreadable('sign of the amount');
  return {
    n: counted(n),
    kind,
    ourNumber,
    providerTxnId,
    origTxnId,
    amount: sum,
    fee: fromDigits(fee),
    currency,
    occurredAt: instant(time),
    state: state === 'SUCCESS' ? 'SUCCESS' : 'NOTICE',
  };
}

/** RFC 3339 with a zone; a local time would be guessed. */
function instant(text: string): Date {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text)) throw new Unreadable('time');
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Unreadable('time');
  return at;
}

function counted(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Unreadable('count');
  return Number.parseInt(text, 10);
}

const isZero = (sums: StatementSums): boolean => sums.lines === 0 && sums.amount === 0n && sums.fee === 0n;

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

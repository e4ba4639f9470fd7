import { MoneyError } from '@yidian/money';
import {
  UnreadableFile,
  type StatementLine,
  type StatementOrigin,
  type StatementSink,
  type StatementSums,
  type StatementTotals,
} from '../../contract/statement';
import { mtEntryLine } from './mt-entry';
import { mtFields, type MtField } from './mt-fields';
import { MtUnreadable, parseMtLine } from './mt-line';
import { MtMessage } from './mt-message';
import { textOf } from './mt-text';

/** Reads a file of MT940 or MT942 messages as a stream, in memory of one entry. */
export class MtReader {
  private readonly sums: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private readonly declared = { amount: 0n, entries: 0, amounts: true, counts: true };
  private readonly currencies = new Set<string>();
  private header: StatementTotals['header'] = null;
  private message = new MtMessage();
  private pending: { entry: MtField; details: MtField | null } | null = null;
  private last: MtField | null = null;
  private messages = 0;
  private unreadable = 0;
  private clean = true;
  private bytes = 0;

  constructor(
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
  ) {}

  async read(source: AsyncIterable<Uint8Array>): Promise<StatementTotals> {
    for await (const field of mtFields(this.counted(source))) await this.take(field);
    await this.endMessage();
    if (this.messages === 0) throw new UnreadableFile('no message of SWIFT fields');
    return this.totals();
  }

  private async *counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  private async take(field: MtField): Promise<void> {
    if (field.edge) return await this.endMessage();
    if (field.tag === '20' && this.message.begun) await this.endMessage();
    this.last = field;
    if (field.tag === '61') {
      await this.endEntry();
      this.message.begun = true;
      this.pending = { entry: field, details: null };
    } else if (field.tag === '86' || field.tag === 'NS') {
      if (this.pending) this.pending.details ??= field; // after a balance it tells about the whole message
    } else {
      await this.endEntry();
      const fault = this.message.field(field.tag, textOf(joined(field.lines)));
      if (fault) await this.finding(fault, field, field.raw, true);
    }
  }

  private async endEntry(): Promise<void> {
    const { pending } = this;
    this.pending = null;
    if (!pending) return;
    const { entry, details } = pending;
    const raw = details ? Buffer.concat([entry.raw, Buffer.from('\n'), details.raw]) : entry.raw;
    try {
      await this.line(entry, this.lineOf(entry, details), raw);
    } catch (error) {
      if (!(error instanceof MtUnreadable) && !(error instanceof MoneyError)) throw error;
      await this.finding(error.message, entry, raw, false);
    }
  }

  /** @throws MtUnreadable, MoneyError */
  private lineOf(field: MtField, details: MtField | null): ReturnType<typeof mtEntryLine> {
    const { currency } = this.message;
    if (currency === '') throw new MtUnreadable('no currency is said before the entry');
    if (field.overlong) throw new MtUnreadable('field too long');
    const entry = parseMtLine(field.lines.map(textOf), currency);
    const text = details ? textOf(joined(details.lines)) : '';
    return mtEntryLine(entry, text.split('\n'), currency);
  }

  private async line(field: MtField, content: ReturnType<typeof mtEntryLine>, raw: Buffer): Promise<void> {
    this.message.entry(content.amount, content.state === 'SUCCESS');
    this.currencies.add(content.currency);
    this.sums.lines++;
    if (content.state === 'SUCCESS') this.sums.amount += content.amount;
    const { fileLine, offset } = field;
    const line: StatementLine = { ...content, n: this.sums.lines, fileLine, offset, raw: textOf(raw) };
    await this.sink.line(line);
  }

  private async endMessage(): Promise<void> {
    await this.endEntry();
    const { message, last } = this;
    if (!message.begun || !last) return;
    this.message = new MtMessage();
    this.messages++;
    for (const reason of message.check()) await this.finding(reason, last, last.raw, true);
    const { closing, currency } = message;
    this.header ??= { provider: '', date: '', currency: '' };
    if (closing) this.header.date = closing.date;
    this.header.currency ||= currency;
    this.sumDeclared(message);
    const { date } = this.origin;
    if (date && closing && closing.date !== '' && closing.date !== date)
      await this.finding('the statement is of another date', last, last.raw, true);
  }

  private sumDeclared(message: MtMessage): void {
    if (message.currency !== '') this.currencies.add(message.currency);
    const entries = message.declaredEntries();
    const amount = message.declaredAmount() ?? entries?.amount ?? null;
    if (amount === null) this.declared.amounts = false;
    else this.declared.amount += amount;
    if (entries === null) this.declared.counts = false;
    else this.declared.entries += entries.entries;
  }

  private async finding(reason: string, { fileLine, offset }: MtField, raw: Buffer, ofFile: boolean): Promise<void> {
    this.clean = false;
    if (!ofFile) this.unreadable++;
    await this.sink.finding({ reason, fileLine, offset, raw, ofFile });
  }

  private totals(): StatementTotals {
    const { header, sums: read, unreadable, bytes } = this;
    const amounts = this.declared.amounts && this.currencies.size <= 1;
    const { counts } = this.declared;
    const says = amounts || counts;
    const declared = {
      ...(counts ? { lines: this.declared.entries } : {}),
      ...(amounts ? { amount: this.declared.amount } : {}),
    };
    const unread = {
      ...(counts ? { lines: this.declared.entries - read.lines } : {}),
      ...(amounts ? { amount: this.declared.amount - read.amount } : {}),
    };
    const agrees = this.clean && unreadable === 0;
    return { header, declared: says ? declared : null, read, unreadable, unread: says ? unread : null, agrees, bytes };
  }
}

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line])));
}

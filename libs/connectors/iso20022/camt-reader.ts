import { TextDecoder } from 'node:util';
import {
  UnreadableFile,
  type StatementOrigin,
  type StatementSink,
  type StatementSums,
  type StatementTotals,
} from '../contract/statement';
import { StatementControls } from './camt-controls';
import { instantOf } from './camt-dates';
import { DeclaredSums } from './camt-declared';
import { OpenEntry, reasonOf, type Bad, type Taken } from './camt-open-entry';
import { messagePage, type Page } from './camt-page';
import { Pages } from './camt-pages';
import { decoderOf, utf16Undone } from './text-encoding';
import { XmlCutter, type XmlPiece } from './xml-cutter';
import { MalformedXml, parseElement, textAt, type XmlNode } from './xml-tree';

const MESSAGE = /^BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)(?:V\d+)?$/;
const STATEMENT = new Set(['Stmt', 'Rpt', 'Ntfctn']);
const MEMBER = /^(?:Acct|Bal|TxsSummry|FrToDt|CreDtTm|Id|\w+Pgntn)$/;
const QUOTED_BYTES = 4_096;

type Place = Pick<XmlPiece, 'raw' | 'at' | 'offset'>;
/** Of what is about several places of the file. */
const NOWHERE: Place = { raw: Buffer.alloc(0), at: 0, offset: -1 };

/** Reads one file of bank-to-customer messages as a stream; memory is the largest single transaction. */
export class CamtReader {
  private readonly sums: StatementSums = { lines: 0, amount: 0n, fee: 0n };
  private readonly declared = new DeclaredSums();
  private header: StatementTotals['header'] = null;
  private readonly pages = new Pages();
  private page: Page | null = null;
  private controls: StatementControls | null = null;
  private entry: OpenEntry | null = null;
  private fallback: Date | null = null;
  private decoder: TextDecoder | null = null;
  private offsetsHold = true;
  private entries = 0;
  private statements = 0;
  private unreadable = 0;
  private clean = true;
  private sawMessage = false;

  constructor(
    private readonly sink: StatementSink,
    private readonly origin: StatementOrigin,
    private readonly usuallyBooked: boolean,
  ) {}

  async read(source: AsyncIterable<Uint8Array>): Promise<StatementTotals> {
    const bytes = await utf16Undone(source);
    this.offsetsHold = !bytes.changed;
    const cutter = new XmlCutter(bytes.source, (name, path) => this.descends(name, path));
    try {
      for (let piece = await cutter.next(); piece; piece = await cutter.next()) await this.take(piece, cutter);
      if (!this.sawMessage) throw new MalformedXml('no bank-to-customer message');
    } catch (error) {
      if (!(error instanceof MalformedXml)) throw error;
      if (!this.sawMessage) throw new UnreadableFile(error.message, { cause: error });
      await this.bad({ reason: error.message, ...cutter.rest(QUOTED_BYTES), ofFile: false });
    }
    await this.endPages();
    return this.totals(cutter.bytes);
  }

  /** Before the message there may be envelopes of any name; in it only what holds entries is opened. */
  private descends(name: string, path: readonly string[]): boolean {
    if (MESSAGE.test(name)) return true;
    if (!path.some((outer) => MESSAGE.test(outer))) return name !== 'AppHdr';
    return STATEMENT.has(name) || name === 'Ntry' || (name === 'NtryDtls' && path.at(-1) === 'Ntry');
  }

  private async take(piece: XmlPiece, cutter: XmlCutter): Promise<void> {
    if (MESSAGE.test(piece.name)) this.sawMessage = true;
    if (this.entry) return await this.takeInEntry(this.entry, piece, cutter);
    const parent = piece.path.at(-1) ?? '';
    if (piece.kind === 'element' && MESSAGE.test(parent) && piece.name === 'GrpHdr')
      return this.groupHeader(this.node(piece, cutter));
    if (STATEMENT.has(piece.name) && MESSAGE.test(parent)) return await this.boundary(piece);
    if (!this.controls || !STATEMENT.has(parent)) return;
    if (piece.kind === 'open' && piece.name === 'Ntry') return this.openEntry(piece);
    if (piece.kind === 'element') await this.statementMember(piece, cutter, this.controls);
  }

  private groupHeader(header: XmlNode): void {
    this.fallback = instantOf(textAt(header, 'CreDtTm'));
    this.page = messagePage(header);
    this.pages.message(this.page);
  }

  private async boundary(piece: XmlPiece): Promise<void> {
    if (piece.kind === 'open') {
      this.controls = new StatementControls();
      this.statements++;
      return;
    }
    const controls = this.controls;
    this.controls = null;
    const whole = controls && this.pages.statement(controls, this.page);
    if (whole) await this.compare(whole, piece);
  }

  private async compare(controls: StatementControls, place: Place): Promise<void> {
    for (const reason of controls.check()) await this.ofFile(reason, place);
    this.declared.add(controls);
    this.header ??= { provider: '', date: '', currency: '' };
    const { header } = this;
    header.date ||= controls.closingDay;
    header.currency ||= controls.currency;
    if (this.origin.date && header.date && header.date !== this.origin.date)
      await this.ofFile('the statement is of another date', place);
  }

  private async endPages(): Promise<void> {
    const { wholes, findings } = this.pages.end();
    for (const reason of findings) await this.ofFile(reason, NOWHERE);
    for (const whole of wholes) await this.compare(whole, NOWHERE);
  }

  private async statementMember(piece: XmlPiece, cutter: XmlCutter, controls: StatementControls): Promise<void> {
    if (!MEMBER.test(piece.name)) return;
    let node: XmlNode;
    try {
      node = this.node(piece, cutter);
    } catch (error) {
      return await this.ofFile(`${piece.name}: ${reasonOf(error)}`, piece);
    }
    controls.member(node);
    if (piece.name === 'CreDtTm') this.fallback = instantOf(node.text) ?? this.fallback;
  }

  private openEntry(piece: XmlPiece): void {
    const { currency } = this.controls ?? {};
    const { usuallyBooked, fallback } = this;
    this.entries++;
    this.entry = new OpenEntry(piece.offset, { currency: currency ?? '', usuallyBooked, fallback });
    this.entry.keep(piece.raw.subarray(piece.at));
  }

  private async takeInEntry(entry: OpenEntry, piece: XmlPiece, cutter: XmlCutter): Promise<void> {
    entry.keep(piece.raw);
    if (piece.kind === 'close' && piece.name === 'Ntry') return await this.closeEntry(entry);
    if (piece.kind !== 'element') return;
    const inDetails = piece.path.at(-1) === 'NtryDtls';
    const raw = piece.raw.subarray(piece.at);
    try {
      const node = this.node(piece, cutter);
      if (!inDetails) entry.member(node);
      else if (node.name !== 'TxDtls') entry.batchMember(node);
      else await this.pass(entry.detail({ node, offset: piece.offset, raw }));
    } catch (error) {
      const reason = reasonOf(error);
      if (inDetails && piece.name === 'TxDtls')
        await this.pass(entry.brokenDetail(reason, piece.offset, Buffer.from(raw)));
      else entry.broken(reason);
    }
  }

  private async closeEntry(entry: OpenEntry): Promise<void> {
    this.entry = null;
    const { head, ...taken } = entry.close();
    if (head) this.controls?.entry(head.amount, head.booked.currency, head.final);
    else this.controls?.unreadable();
    await this.pass(taken);
  }

  private async pass({ lines, bad }: Taken): Promise<void> {
    for (const finding of bad) await this.bad(finding);
    for (const { content, offset, raw } of lines) {
      this.sums.lines++;
      this.declared.sees(content.currency);
      if (content.state === 'SUCCESS') {
        this.sums.amount += content.amount;
        this.sums.fee += content.fee;
      }
      await this.sink.line({
        ...content,
        n: this.sums.lines,
        fileLine: this.entries,
        offset: this.offsetsHold ? offset : -1,
        raw: this.text(raw),
      });
    }
  }

  private async ofFile(reason: string, piece: Place): Promise<void> {
    const raw = Buffer.from(piece.raw.subarray(piece.at, piece.at + QUOTED_BYTES));
    await this.bad({ reason, offset: piece.offset, raw, ofFile: true });
  }

  private async bad({ reason, offset, raw, ofFile }: Bad): Promise<void> {
    this.clean = false;
    if (!ofFile) this.unreadable++;
    await this.sink.finding({ reason, raw, ofFile, fileLine: this.entries, offset: this.offsetsHold ? offset : -1 });
  }

  /** @throws MalformedXml */
  private node(piece: XmlPiece, cutter: XmlCutter): XmlNode {
    this.decoder ??= decoderOf(cutter.encoding);
    if (!this.decoder) throw new UnreadableFile('an encoding that is not taken');
    let text: string;
    try {
      text = this.decoder.decode(piece.raw.subarray(piece.at));
    } catch {
      throw new MalformedXml('bytes that are not of the encoding');
    }
    return parseElement(text);
  }

  private text(raw: Buffer): string {
    return this.decoder ? new TextDecoder(this.decoder.encoding).decode(raw) : raw.toString('latin1');
  }

  private totals(bytes: number): StatementTotals {
    const { header, sums: read, unreadable, statements, entries } = this;
    const { declared, unread } = this.declared.against({ read, unreadable, statements, entries });
    if (header) header.currency ||= this.declared.currency;
    return {
      header,
      declared,
      read,
      unreadable,
      unread,
      agrees: this.clean && unreadable === 0 && header !== null && (unread?.amount ?? 0n) === 0n,
      bytes,
    };
  }
}

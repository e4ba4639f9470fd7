import type { FactRecords } from '../../../apps/reconciliation/src/matching/engine/fact-records';
import type { SipHash } from '../../../apps/reconciliation/src/matching/engine/sip-hash';
import type { Spill } from '../../../apps/reconciliation/src/matching/engine/spill';

/** What is asked for, in the order of FACT_LINE; the provider's own date and the time of day are in no record. */
export const ROW_COLUMNS = `lane_id, seq, provider, book_date, kind, payment_no, ref_no, provider_txn_id, amount, currency, branch,
  acquiring_branch, channel, partner`;
/** Their places in a fact's line. */
const PLACES = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
const [TXN, PARTNER] = [8, 14];

const [TAB, NEWLINE, BACKSLASH] = [0x09, 0x0a, 0x5c];
/** First byte of a packet that is no row, and of a value that is longer than one byte says. */
const [ERR, EOF, TWO_BYTES] = [0xff, 0xfe, 0xfc];
const HEAD = 4;
const SHORT = 250;
/** An escaped transaction is written behind what was read. */
const ESCAPED = 1_024;

/** The server's own words for what it refuses. */
export class QueryFailed extends Error {
  override readonly name = 'QueryFailed';
}

/**
 * Makes records of facts straight from the packets in which MySQL sends rows as text: each value begins with its length, so that no
 * byte is looked at to find where it ends, and nothing is copied or made into an object.
 */
export class RowPackets {
  /** Begun, and not whole yet. */
  private rest = Buffer.alloc(0);
  /** Packets before the rows that are still to come; unknown before the first. */
  private before: number | undefined;
  private done = false;

  constructor(
    private readonly sip: SipHash,
    private readonly records: FactRecords,
    private readonly spill: Spill,
  ) {}

  /** @returns whether the answer has ended */
  read(piece: Uint8Array): boolean {
    const end = this.rest.length + piece.length;
    const text = this.sip.room(end + ESCAPED);
    text.set(this.rest);
    text.set(piece, this.rest.length);
    let at = 0;
    while (end - at >= HEAD) {
      const next = at + HEAD + lengthAt(text, at);
      if (next > end) break;
      this.packet(text, at + HEAD, next, end);
      at = next;
    }
    this.rest = Buffer.from(text.subarray(at, end));
    return this.done;
  }

  private packet(text: Buffer, from: number, to: number, free: number): void {
    const first = text[from] as number;
    if (this.before === 0 && first !== ERR && !(first === EOF && to - from < 9)) return this.row(text, from, to, free);
    if (first === ERR) throw new QueryFailed(text.toString('utf8', from + 9, to));
    if (this.before === 0) this.done = true;
    // Their number, a packet for each column, and one that ends them.
    else this.before = this.before === undefined ? first + 1 : this.before - 1;
  }

  private row(text: Buffer, from: number, to: number, free: number): void {
    const { starts, ends } = this.records;
    let at = from;
    for (const place of PLACES) {
      let length = text[at++] as number;
      if (length > SHORT) {
        if (length !== TWO_BYTES) throw new Error(`column ${place} of a fact is null or too long`);
        length = text.readUInt16LE(at);
        at += 2;
      }
      starts[place] = at;
      ends[place] = at += length;
    }
    if (at !== to) throw new Error(`a row of other columns than were asked for`);
    // As a line has it between channel and partner: the two are one name.
    text[(starts[PARTNER] as number) - 1] = TAB;
    this.escapeTransaction(text, free);
    this.records.add(text, this.spill);
  }

  /** Only a provider's transaction is a text of others that may hold what a fact's line escapes; its hash is over the line's text. */
  private escapeTransaction(text: Buffer, free: number): void {
    const { starts, ends } = this.records;
    const [from, to] = [starts[TXN] as number, ends[TXN] as number];
    for (let at = from; at < to; at++) {
      const byte = text[at];
      if (byte !== TAB && byte !== NEWLINE && byte !== BACKSLASH) continue;
      const raw = text.toString('latin1', from, to);
      const line = raw.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
      starts[TXN] = free;
      ends[TXN] = free + text.write(line, free, 'latin1');
      return;
    }
  }
}

const lengthAt = (text: Buffer, at: number): number =>
  (text[at] as number) | ((text[at + 1] as number) << 8) | ((text[at + 2] as number) << 16);

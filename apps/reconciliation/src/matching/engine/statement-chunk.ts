import { closeSync, openSync, readSync } from 'node:fs';
import { LAST_SHIFT, MOST_AMOUNT } from './record';
import { SipHash } from './sip-hash';
import type { Spill } from './spill';

/** A stretch of the file; lines that begin in it are its lines. */
export interface Chunk {
  index: number;
  from: number;
  to: number;
}

/** A line somewhere in the file. */
export interface LineRef {
  offset: number;
  length: number;
  chunk: number;
  /** From 0 within its chunk. */
  line: number;
}

/** Exact sums: a chunk's amounts stay below 2^53. */
export interface ChunkSums {
  /** Lines of the file that begin in the chunk. */
  fileLines: number;
  lines: number;
  payments: number;
  returns: number;
  fees: number;
  /** Offset behind the last line that was taken. */
  lastEnd: number;
}

export interface ChunkResult extends ChunkSums {
  /** Lines that are not plainly money of ours: header, trailer, other currencies, foreign references, damage. */
  odd: LineRef[];
}

const BUFFER = 1 << 20;
/** Longer than any line; one that is longer is odd as a whole. */
export const MOST_LINE = 4_096;

const [NEWLINE, BAR, CR, MINUS] = [0x0a, 0x7c, 0x0d, 0x2d];
const [POINT, PLUS, UTC] = [0x2e, 0x2b, 0x5a];
const ALNUM = new Uint8Array(256);
const VISIBLE = new Uint8Array(256);
for (let byte = 0x21; byte < 0x7f; byte++) VISIBLE[byte] = byte === BAR ? 0 : 1;
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') ALNUM[char.charCodeAt(0)] = 1;
const PAY = Buffer.from('PAY|');
const REFUND = Buffer.from('REFUND|');
const REVERSAL = Buffer.from('REVERSAL|');
const CNY = Buffer.from('CNY|');
const SUCCESS = Buffer.from('|SUCCESS');

/**
 * Turns lines of YD1 into records. It takes only what is written in the one plain way, a strict part of what the format's
 * reader takes; everything else is odd and goes to that reader. So this parser may be fast and need not be complete.
 */
export class StatementChunks {
  private readonly record = new Uint32Array(16);
  private readonly dates: Uint8Array[];
  private payKind = 0;
  private fee = 0;
  private amount = 0;

  /** @param dates days that the provider's times may plainly lie in, as bytes `2026-11-22` */
  constructor(
    private readonly sip: SipHash,
    dates: readonly string[],
  ) {
    this.dates = dates.map((date) => Buffer.from(date));
  }

  /** A line belongs to the chunk that it begins in. */
  read(path: string, { index, from, to }: Chunk, spill: Spill): ChunkResult {
    const fd = openSync(path, 'r');
    const buffer = this.sip.room(BUFFER);
    const result: ChunkResult = { fileLines: 0, lines: 0, payments: 0, returns: 0, fees: 0, lastEnd: 0, odd: [] };
    try {
      let position = from === 0 ? 0 : from - 1;
      let skip = from > 0;
      for (;;) {
        const n = readSync(fd, buffer, 0, BUFFER, position);
        let at = 0;
        if (skip && n > 0) {
          const end = buffer.subarray(0, n).indexOf(NEWLINE);
          if (end < 0) {
            position += n;
            continue;
          }
          at = end + 1;
          skip = false;
        }
        if (n === 0 || position + at >= to) return result;
        const used = this.lines(buffer, at, n, n < BUFFER, { index, to, position, spill, result });
        if (used < 0) return result;
        position += used;
      }
    } finally {
      closeSync(fd);
    }
  }

  /** @returns bytes used, or -1 at the chunk's end */
  private lines(
    buffer: Buffer,
    from: number,
    n: number,
    last: boolean,
    place: { index: number; to: number; position: number; spill: Spill; result: ChunkResult },
  ): number {
    const { index, to, position, spill, result } = place;
    let at = from;
    while (at < n) {
      if (position + at >= to) return -1;
      let end = buffer.indexOf(NEWLINE, at);
      if (end < 0 || end >= n) {
        if (!last && at > 0) return at;
        if (!last) throw new Error(`a line of more than ${BUFFER} bytes at ${position}`);
        end = n;
      }
      const stop = end > at && buffer[end - 1] === CR ? end - 1 : end;
      const offset = position + at;
      if (stop - at <= MOST_LINE && this.take(buffer, at, stop)) {
        const { record } = this;
        record[12] = offset >>> 0;
        record[13] = (Math.floor(offset / 0x100000000) << 16) | (stop - at);
        record[14] = result.fileLines;
        record[15] = index;
        spill.add(record);
        result.lines++;
        if (this.payKind === 0) result.payments += this.amount;
        else result.returns -= this.amount;
        result.fees += this.fee;
        result.lastEnd = position + end;
      } else if (stop > at) result.odd.push({ offset, length: stop - at, chunk: index, line: result.fileLines });
      result.fileLines++;
      at = end + 1;
    }
    return at > n ? n : at;
  }

  /** Fills the record from one line, all but its place; false when it is odd. Long: fields are read in one walk. */
  private take(b: Buffer, from: number, to: number): boolean {
    const { record, sip } = this;
    // D|n|
    if (b[from] !== 0x44 || b[from + 1] !== BAR) return false;
    let at = from + 2;
    let start = at;
    for (; at < to && isDigit(b[at] as number); at++);
    if (at === start || at - start > 9 || b[at] !== BAR) return false;
    at++;
    // kind|
    let kind = 0;
    if (matches(b, at, PAY)) at += 4;
    else if (matches(b, at, REFUND)) [kind, at] = [1, at + 7];
    else if (matches(b, at, REVERSAL)) [kind, at] = [2, at + 9];
    else return false;
    // our number: 20 digits, then nothing, two digits, or R or V and two digits
    const number = at;
    let first = 0;
    let second = 0;
    for (const stop = at + 9; at < stop; at++) {
      if (!isDigit(b[at] as number)) return false;
      first = first * 10 + (b[at] as number) - 48;
    }
    for (const stop = at + 9; at < stop; at++) {
      if (!isDigit(b[at] as number)) return false;
      second = second * 10 + (b[at] as number) - 48;
    }
    if (!isDigit(b[at] as number) || !isDigit(b[at + 1] as number)) return false;
    const last = ((b[at] as number) - 48) * 10 + (b[at + 1] as number) - 48;
    at += 2;
    if (b[at] !== BAR) {
      if (b[at] === 0x52 || b[at] === 0x56) at++;
      if (!isDigit(b[at] as number) || !isDigit(b[at + 1] as number) || b[at + 2] !== BAR) return false;
      at += 2;
    }
    at++;
    // transaction|
    const txn = at;
    for (; at < to && VISIBLE[b[at] as number] === 1; at++);
    const txnEnd = at;
    if (at === txn || at - txn > 64 || b[at] !== BAR) return false;
    at++;
    // transaction that is undone|
    for (; at < to && ALNUM[b[at] as number] === 1; at++);
    if (b[at] !== BAR) return false;
    at++;
    // amount|, negative for what goes back
    if (kind > 0 && b[at++] !== MINUS) return false;
    start = at;
    let amount = 0;
    for (; at < to && isDigit(b[at] as number); at++) amount = amount * 10 + (b[at] as number) - 48;
    if (at === start || amount === 0 || amount > MOST_AMOUNT || b[start] === 48 || b[at] !== BAR) return false;
    at++;
    // fee|
    const negative = b[at] === MINUS;
    if (negative) at++;
    start = at;
    let fee = 0;
    for (; at < to && isDigit(b[at] as number); at++) fee = fee * 10 + (b[at] as number) - 48;
    if (at === start || at - start > 9 || b[at] !== BAR || (b[start] === 48 && (at - start > 1 || negative)))
      return false;
    at++;
    // currency|time|state
    if (!matches(b, at, CNY)) return false;
    at = this.timeEnd(b, at + 4);
    if (at < 0 || at + 8 !== to || !matches(b, at, SUCCESS)) return false;
    sip.hash128(number, number + 20);
    record[0] = sip.h0;
    record[1] = sip.h1;
    record[2] = sip.h2;
    record[3] = sip.h3;
    record[4] = (kind << 2) | (last << LAST_SHIFT);
    record[5] = first;
    record[6] = second;
    record[7] = amount >>> 0;
    record[8] = amount > 0xffffffff ? Math.floor(amount / 0x100000000) : 0;
    record[9] = negative ? -fee : fee;
    sip.hash64(txn, txnEnd);
    record[10] = sip.h0;
    record[11] = sip.h1;
    this.payKind = kind;
    this.amount = amount;
    this.fee = negative ? -fee : fee;
    return true;
  }

  /** Behind `2026-11-22T12:34:56`, parts of a second and its zone, on one of the plain days; -1: it is no such time. */
  private timeEnd(b: Buffer, from: number): number {
    if (!this.dates.some((date) => matches(b, from, date))) return -1;
    if (b[from + 10] !== 0x54 || pair(b, from + 11) > 23 || !clock(b, from + 13) || !clock(b, from + 16)) return -1;
    let at = from + 19;
    if (b[at] === POINT) {
      const start = ++at;
      for (; isDigit(b[at] as number); at++);
      if (at === start || at - start > 9) return -1;
    }
    if (b[at] === UTC) return at + 1;
    const zoned = (b[at] === PLUS || b[at] === MINUS) && pair(b, at + 1) < 24 && clock(b, at + 3);
    return zoned ? at + 6 : -1;
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

function matches(b: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let n = 0; n < wanted.length; n++) if (b[at + n] !== wanted[n]) return false;
  return true;
}

/** `:59` */
const clock = (b: Uint8Array, at: number): boolean => b[at] === 0x3a && pair(b, at + 1) < 60;

/** Two digits, or 100. */
function pair(b: Uint8Array, at: number): number {
  const [high, low] = [b[at] as number, b[at + 1] as number];
  return isDigit(high) && isDigit(low) ? (high - 48) * 10 + low - 48 : 100;
}

import { BEYOND, F_KINDS, F_PAID, F_CREDITED, F_SUBMITTED, KIND_SHIFT, LAST_SHIFT, MOST_AMOUNT, ODD } from './record';
import type { SipHash } from './sip-hash';
import type { Spill } from './spill';

/** Which facts of a text belong to the book, and what is special about them. */
export interface BookOf {
  service: 'gateway' | 'billing';
  provider: string;
  date: string;
  /** Facts of later dates count up to here, by lane: what the lanes held when the horizon was read. */
  horizon: Readonly<Record<string, number>>;
}

/** Sums of a book by kind: digits, because a book may hold more than a double. */
export type BookSums = Record<string, { count: number; amount: bigint }>;

const [TAB, NEWLINE] = [0x09, 0x0a];
const COLUMNS = 16;

/** Column places in a line (contracts: FACT_LINE). */
const C = { lane: 0, seq: 1, provider: 2, date: 3, kind: 5, number: 6, ref: 7, txn: 8, amount: 9, currency: 10 };
const D = { branch: 11, acquiring: 12, channel: 13, partner: 14, at: 15 };

/**
 * Turns the lines of a sealed segment into records. What a record cannot hold is marked odd: it is still there under its key,
 * so that its group goes to the classifier. A number that is none of ours is kept as text.
 */
export class FactText {
  /** Names behind the codes of channel and partner: `channel\tpartner` as the line writes it. */
  readonly names = new Map<number, string>();
  /** Payment numbers that are not 20 digits. */
  readonly strange = new Set<string>();
  readonly sums: BookSums = {};
  facts = 0;
  private readonly record = new Uint32Array(16);
  private readonly ends = new Int32Array(COLUMNS);
  private readonly provider: Buffer;
  private readonly date: Buffer;
  private readonly side: number;
  private lastName = Buffer.alloc(0);
  private lastCode = 0;
  private readonly partial = new Map<number, number>();

  constructor(
    private readonly sip: SipHash,
    private readonly book: BookOf,
  ) {
    this.provider = Buffer.from(book.provider);
    this.date = Buffer.from(book.date);
    this.side = book.service === 'gateway' ? 1 : 2;
  }

  read(bytes: Uint8Array, spill: Spill): void {
    const text = this.sip.room(bytes.length).subarray(0, this.sip.put(bytes));
    for (let at = 0; at < text.length;) {
      const end = this.split(text, at);
      this.line(text, at, spill);
      at = end + 1;
    }
    for (const [kind, amount] of this.partial) this.count(F_KINDS[kind] as string, 0, BigInt(amount));
    this.partial.clear();
  }

  /** Ends of the columns of the line at `from`. @returns the line's end */
  private split(text: Buffer, from: number): number {
    const { ends } = this;
    let column = 0;
    for (let at = from; at < text.length; at++) {
      const byte = text[at] as number;
      if (byte === TAB) ends[column++] = at;
      else if (byte === NEWLINE) {
        ends[column++] = at;
        if (column !== COLUMNS) break;
        return at;
      }
    }
    throw new Error(`a fact of ${column} columns: ${text.subarray(from, from + 300).toString()}`);
  }

  private line(text: Buffer, from: number, spill: Spill): void {
    const { ends, record } = this;
    const start = (column: number): number => (column === 0 ? from : (ends[column - 1] as number) + 1);
    const end = (column: number): number => ends[column] as number;
    if (!same(text, start(C.provider), end(C.provider), this.provider)) return;
    const order = compareDate(text, start(C.date), this.date);
    if (order < 0 || (order > 0 && !this.withinHorizon(text, from))) return;
    const kind = kindOf(text, start(C.kind), end(C.kind));
    const amount = amountAt(text, start(C.amount), end(C.amount));
    this.facts++;
    if (order === 0) this.add(kind, amount, text.toString('latin1', start(C.amount), end(C.amount)));
    if (!this.number(text, start(C.number), end(C.number))) {
      this.strange.add(text.toString('utf8', start(C.number), end(C.number)));
      return;
    }
    const [branch, acquiring] = [
      branchAt(text, start(D.branch), end(D.branch)),
      branchAt(text, start(D.acquiring), end(D.acquiring)),
    ];
    const code = this.nameCode(text, start(D.channel), end(D.partner));
    const cny =
      end(C.currency) - start(C.currency) === 3 &&
      text.toString('latin1', start(C.currency), end(C.currency)) === 'CNY';
    const odd = branch < 0 || acquiring < 0 || code < 0 || amount < 0 || !cny;
    record[4] = (record[4] as number) | this.side | (kind << KIND_SHIFT) | (odd ? ODD : 0) | (order > 0 ? BEYOND : 0);
    record[7] = amount < 0 ? 0 : amount >>> 0;
    record[8] = amount > 0xffffffff ? Math.floor(amount / 0x100000000) : 0;
    record[9] = branch < 0 ? 0 : branch;
    this.sip.hash64(start(C.txn), end(C.txn));
    record[10] = this.sip.h0;
    record[11] = this.sip.h1;
    record[12] = acquiring < 0 ? 0 : acquiring;
    record[13] = code < 0 ? 0 : code;
    this.sip.hash64(start(C.ref), end(C.ref));
    record[14] = this.sip.h0;
    record[15] = this.sip.h1;
    spill.add(record);
  }

  /** Words 0 to 6. */
  private number(text: Buffer, from: number, to: number): boolean {
    if (to - from !== 20) return false;
    const parts = [0, 0, 0];
    for (let at = from; at < to; at++) {
      const digit = (text[at] as number) - 48;
      if (digit < 0 || digit > 9) return false;
      const part = at - from < 9 ? 0 : at - from < 18 ? 1 : 2;
      parts[part] = (parts[part] as number) * 10 + digit;
    }
    const { record, sip } = this;
    sip.hash128(from, to);
    record[0] = sip.h0;
    record[1] = sip.h1;
    record[2] = sip.h2;
    record[3] = sip.h3;
    record[4] = (parts[2] as number) << LAST_SHIFT;
    record[5] = parts[0] as number;
    record[6] = parts[1] as number;
    return true;
  }

  private withinHorizon(text: Buffer, from: number): boolean {
    const lane = text.toString('latin1', from, this.ends[0]);
    const seq = Number(text.toString('latin1', (this.ends[0] as number) + 1, this.ends[1]));
    return seq <= (this.book.horizon[lane] ?? -1);
  }

  private add(kind: number, amount: number, digits: string): void {
    if (amount < 0) return this.count(F_KINDS[kind] as string, 1, BigInt(digits));
    const sum = (this.partial.get(kind) ?? 0) + amount;
    this.count(F_KINDS[kind] as string, 1, 0n);
    if (sum < 2 ** 52) this.partial.set(kind, sum);
    else {
      this.count(F_KINDS[kind] as string, 0, BigInt(sum));
      this.partial.set(kind, 0);
    }
  }

  private count(kind: string, count: number, amount: bigint): void {
    const before = (this.sums[kind] ??= { count: 0, amount: 0n });
    before.count += count;
    if (amount !== 0n) before.amount += amount;
  }

  /** A code per name; -1 where two names meet in one code. */
  private nameCode(text: Buffer, from: number, to: number): number {
    if (same(text, from, to, this.lastName)) return this.lastCode;
    let code = 0x811c9dc5;
    for (let at = from; at < to; at++) code = Math.imul(code ^ (text[at] as number), 0x01000193);
    code >>>= 0;
    const name = text.toString('utf8', from, to);
    const known = this.names.get(code);
    if (known !== undefined && known !== name) return -1;
    this.names.set(code, name);
    this.lastName = Buffer.from(text.subarray(from, to));
    return (this.lastCode = code);
  }
}

function same(text: Buffer, from: number, to: number, wanted: Buffer): boolean {
  if (to - from !== wanted.length) return false;
  for (let n = 0; n < wanted.length; n++) if (text[from + n] !== wanted[n]) return false;
  return true;
}

function compareDate(text: Buffer, from: number, date: Buffer): number {
  for (let n = 0; n < 10; n++) {
    const difference = (text[from + n] as number) - (date[n] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Those of a plain group by a look, all others by name. @throws for a kind that there is not */
function kindOf(text: Buffer, from: number, to: number): number {
  const length = to - from;
  if (length === 4 && text[from] === 0x70) return F_PAID;
  if (length === 8 && text[from] === 0x63 && text[from + 7] === 0x64) return F_CREDITED;
  if (length === 9 && text[from] === 0x73) return F_SUBMITTED;
  const kind = F_KINDS.indexOf(text.toString('latin1', from, to) as (typeof F_KINDS)[number]);
  if (kind < 0) throw new Error(`no kind of fact: ${text.toString('latin1', from, to)}`);
  return kind;
}

/** -1 when a record cannot hold it. */
function amountAt(text: Buffer, from: number, to: number): number {
  if (to - from > 10) return -1;
  let amount = 0;
  for (let at = from; at < to; at++) {
    const digit = (text[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    amount = amount * 10 + digit;
  }
  return amount > MOST_AMOUNT ? -1 : amount;
}

function branchAt(text: Buffer, from: number, to: number): number {
  return to - from === 6 ? amountAt(text, from, to) : -1;
}

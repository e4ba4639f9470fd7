import { BEYOND, F_KINDS, F_PAID, F_CREDITED, F_SUBMITTED, KIND_SHIFT, LAST_SHIFT, MOST_AMOUNT, ODD } from './record';
import type { SipHash } from './sip-hash';
import type { Block, Spill } from './spill';

/** Which facts belong to the book, and what is special about them. */
export interface BookOf {
  service: 'gateway' | 'billing';
  provider: string;
  date: string;
  /** Facts of later dates count up to here, by lane: what the lanes held when the horizon was read. */
  horizon: Readonly<Record<string, number>>;
}

/** Sums of a book by kind: digits, because a book may hold more than a double. */
export type BookSums = Record<string, { count: number; amount: string }>;

/** What one worker made of its share of a book's facts. */
export interface FactsResult {
  blocks: Block[];
  facts: number;
  names: [number, string][];
  strange: string[];
  sums: BookSums;
}

/** Columns of a fact, and their places (contracts: FACT_LINE). */
export const FACT_COLUMNS = 16;
const C = { lane: 0, seq: 1, provider: 2, date: 3, kind: 5, number: 6, ref: 7, txn: 8, amount: 9, currency: 10 };
const D = { branch: 11, acquiring: 12, channel: 13, partner: 14 };

/** A prime: codes of names alike do not meet. */
const RECENT = 1_021;

/** Sums below it stay exact when one more amount is added. */
const EXACT = 2 ** 52;

/**
 * Turns facts into records, wherever their columns lie. What a record cannot hold is marked odd: it is still there under its key,
 * so that its group goes to the classifier. A number that is none of ours is kept as text.
 */
export class FactRecords {
  /** Where the columns of the fact begin and end in the text, set by whoever reads it. */
  readonly starts = new Int32Array(FACT_COLUMNS);
  readonly ends = new Int32Array(FACT_COLUMNS);
  /** Names behind the codes of channel and partner: `channel\tpartner` as the line writes it. */
  private readonly names = new Map<number, string>();
  /** Payment numbers that are not 20 digits. */
  private readonly strange = new Set<string>();
  private facts = 0;
  private readonly record = new Uint32Array(16);
  private readonly counts = new Float64Array(F_KINDS.length);
  private readonly amounts = new Float64Array(F_KINDS.length);
  private readonly beyond = F_KINDS.map(() => 0n);
  private readonly provider: Buffer;
  private readonly date: Buffer;
  private readonly side: number;
  private readonly recent: ({ code: number; name: Buffer } | undefined)[] = Array.from({ length: RECENT });

  constructor(
    private readonly sip: SipHash,
    private readonly book: BookOf,
  ) {
    this.provider = Buffer.from(book.provider);
    this.date = Buffer.from(book.date);
    this.side = book.service === 'gateway' ? 1 : 2;
  }

  /** @param blocks of the closed spill */
  result(blocks: Block[]): FactsResult {
    return { blocks, facts: this.facts, names: [...this.names], strange: [...this.strange], sums: this.sums() };
  }

  /** By kind, those of the book's own date. */
  private sums(): BookSums {
    const kinds = F_KINDS.map((kind, n) => {
      const amount = (this.beyond[n] as bigint) + BigInt(this.amounts[n] as number);
      return [kind, { count: this.counts[n] as number, amount: `${amount}` }] as const;
    });
    return Object.fromEntries(kinds.filter(([, { count }]) => count > 0));
  }

  /** The fact whose columns were placed: none, or a record in the spill. @param text the hash's own room */
  add(text: Buffer, spill: Spill): void {
    const { starts, ends, record } = this;
    const start = (column: number): number => starts[column] as number;
    const end = (column: number): number => ends[column] as number;
    if (!same(text, start(C.provider), end(C.provider), this.provider)) return;
    const order = compareDate(text, start(C.date), this.date);
    if (order < 0 || (order > 0 && !this.withinHorizon(text))) return;
    const kind = kindOf(text, start(C.kind), end(C.kind));
    const amount = amountAt(text, start(C.amount), end(C.amount));
    this.facts++;
    if (order === 0) this.sum(text, kind, amount);
    if (!this.number(text, start(C.number), end(C.number))) {
      this.strange.add(text.toString('utf8', start(C.number), end(C.number)));
      return;
    }
    const branch = branchAt(text, start(D.branch), end(D.branch));
    const acquiring = branchAt(text, start(D.acquiring), end(D.acquiring));
    const code = this.nameCode(text, start(D.channel), end(D.partner));
    const cny = isCny(text, start(C.currency), end(C.currency));
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
    const first = digitsAt(text, from, from + 9);
    const second = digitsAt(text, from + 9, from + 18);
    const last = digitsAt(text, from + 18, to);
    if (first < 0 || second < 0 || last < 0) return false;
    const { record, sip } = this;
    sip.hash128(from, to);
    record[0] = sip.h0;
    record[1] = sip.h1;
    record[2] = sip.h2;
    record[3] = sip.h3;
    record[4] = last << LAST_SHIFT;
    record[5] = first;
    record[6] = second;
    return true;
  }

  private withinHorizon(text: Buffer): boolean {
    const { starts, ends } = this;
    const lane = text.toString('latin1', starts[C.lane], ends[C.lane]);
    const seq = Number(text.toString('latin1', starts[C.seq], ends[C.seq]));
    return seq <= (this.book.horizon[lane] ?? -1);
  }

  private sum(text: Buffer, kind: number, amount: number): void {
    const { counts, amounts, beyond } = this;
    counts[kind] = (counts[kind] as number) + 1;
    if (amount < 0) {
      const digits = text.toString('latin1', this.starts[C.amount], this.ends[C.amount]);
      beyond[kind] = (beyond[kind] as bigint) + BigInt(digits);
      return;
    }
    const sum = (amounts[kind] as number) + amount;
    if (sum >= EXACT) beyond[kind] = (beyond[kind] as bigint) + BigInt(sum);
    amounts[kind] = sum < EXACT ? sum : 0;
  }

  /** A code per name; -1 where two names meet in one code. Names that come again and again are known by their bytes. */
  private nameCode(text: Buffer, from: number, to: number): number {
    let code = 0x811c9dc5;
    for (let at = from; at < to; at++) code = Math.imul(code ^ (text[at] as number), 0x01000193);
    code >>>= 0;
    const recent = this.recent[code % RECENT];
    if (recent && recent.code === code && same(text, from, to, recent.name)) return code;
    const name = text.toString('utf8', from, to);
    const known = this.names.get(code);
    if (known !== undefined && known !== name) return -1;
    this.names.set(code, name);
    this.recent[code % RECENT] = { code, name: Buffer.from(text.subarray(from, to)) };
    return code;
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

const isCny = (text: Buffer, from: number, to: number): boolean =>
  to - from === 3 && text[from] === 0x43 && text[from + 1] === 0x4e && text[from + 2] === 0x59;

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

/** -1 when it is not digits alone. */
function digitsAt(text: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (text[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** -1 when a record cannot hold it. */
function amountAt(text: Buffer, from: number, to: number): number {
  const amount = to - from > 10 ? -1 : digitsAt(text, from, to);
  return amount > MOST_AMOUNT ? -1 : amount;
}

const branchAt = (text: Buffer, from: number, to: number): number => (to - from === 6 ? digitsAt(text, from, to) : -1);

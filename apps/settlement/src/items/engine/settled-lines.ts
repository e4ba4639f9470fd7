import { numberOf } from './matched-lines';

/**
 * Settled lines of one partition, sealed:
 *   header 64 B: `YDSETTL1`, count, distance of the index, bytes of the groups
 *   records, 40 B each, in the order of the matched lines they were settled from: words 0-1 the first half of the number's
 *   hash, 2-4 the number's nine, nine and two digits, 5-6 amount, 7 fee, 8 commission, 9 group
 *   index, 8 B each: the hash of every 512th record
 *   groups: JSON, the contracts and rates that priced the lines of each group, so that a segment speaks for itself
 */
export const SETTLED_WORDS = 10;
export const SETTLED = { hash: 0, first: 2, next: 3, last: 4, low: 5, high: 6, fee: 7, commission: 8, group: 9 };
const HEADER_BYTES = 64;
const EVERY = 512;
const MAGIC = 'YDSETTL1';
const TWO_32 = 0x100000000;

/** What priced the lines of a group; rates in ppm as digits. */
export interface SettledGroup {
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  scheduleId: string;
  feePpm: string;
  planId: string;
  accounts: readonly string[];
  rates: readonly string[];
}

/** One line with what it cost and brought: what a claw-back reads. */
export interface SettledLine {
  paymentNo: string;
  amount: bigint;
  fee: bigint;
  commission: bigint;
  group: SettledGroup;
}

export function settledBytes(records: Uint32Array, groups: readonly SettledGroup[]): Buffer {
  const n = records.length / SETTLED_WORDS;
  const text = Buffer.from(JSON.stringify(groups));
  const marks = Math.ceil(n / EVERY);
  const indexAt = HEADER_BYTES + records.byteLength;
  const bytes = Buffer.alloc(indexAt + marks * 8 + text.length);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(n, 8);
  bytes.writeUInt32LE(EVERY, 12);
  bytes.writeUInt32LE(text.length, 16);
  Buffer.from(records.buffer, records.byteOffset, records.byteLength).copy(bytes, HEADER_BYTES);
  for (let mark = 0; mark < marks; mark++)
    for (const half of [0, 1])
      bytes.writeUInt32LE(records[mark * EVERY * SETTLED_WORDS + half] ?? 0, indexAt + mark * 8 + half * 4);
  text.copy(bytes, indexAt + marks * 8);
  return bytes;
}

/** A sealed segment, read in place. */
export class SettledSegment {
  readonly count: number;
  readonly records: Uint32Array;
  private readonly groups: readonly SettledGroup[];

  /** @throws when these are no settled lines */
  constructor(bytes: Buffer) {
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('no settled lines');
    this.count = bytes.readUInt32LE(8);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
    this.records = new Uint32Array(aligned.buffer, aligned.byteOffset + HEADER_BYTES, this.count * SETTLED_WORDS);
    this.groups = JSON.parse(bytes.toString('utf8', bytes.length - bytes.readUInt32LE(16))) as SettledGroup[];
  }

  line(i: number): SettledLine {
    const word = (at: number): number => this.records[i * SETTLED_WORDS + at] ?? 0;
    const group = this.groups[word(SETTLED.group)];
    if (i < 0 || i >= this.count || !group) throw new Error('no such settled line');
    return {
      paymentNo: numberOf(word(SETTLED.first), word(SETTLED.next), word(SETTLED.last)),
      amount: BigInt(word(SETTLED.low)) + (BigInt(word(SETTLED.high)) << 32n),
      fee: BigInt(word(SETTLED.fee)),
      commission: BigInt(word(SETTLED.commission)),
      group,
    };
  }

  /** The line of a payment, by the first half of its number's hash. */
  find(paymentNo: string, [h0, h1]: readonly [number, number]): SettledLine | undefined {
    let [from, to] = [0, this.count];
    while (from < to) {
      const mid = (from + to) >>> 1;
      if (this.compare(mid, h0, h1) < 0) from = mid + 1;
      else to = mid;
    }
    for (let i = from; i < this.count && this.compare(i, h0, h1) === 0; i++)
      if (this.line(i).paymentNo === paymentNo) return this.line(i);
    return undefined;
  }

  /** The lines of the groups wanted, in their order. */
  *of(wanted: (group: SettledGroup) => boolean): Generator<SettledLine> {
    const mine = this.groups.map(wanted);
    for (let i = 0; i < this.count; i++)
      if (mine[this.records[i * SETTLED_WORDS + SETTLED.group] ?? 0]) yield this.line(i);
  }

  /** The lines of these payments. One look at each record: whoever asks for many reads the segment once. */
  among(numbers: ReadonlySet<string>): SettledLine[] {
    const firsts = new Set([...numbers].map((number) => Number(number.slice(0, 9))));
    const { records } = this;
    const found: SettledLine[] = [];
    for (let i = 0, at = 0; i < this.count; i++, at += SETTLED_WORDS) {
      if (!firsts.has(records[at + SETTLED.first] as number)) continue;
      const [first, next, last] = records.subarray(at + SETTLED.first, at + SETTLED.low) as unknown as number[];
      if (numbers.has(numberOf(first ?? 0, next ?? 0, last ?? 0))) found.push(this.line(i));
    }
    return found;
  }

  /** Σ of the amounts of all lines, by home branch. */
  byBranch(): Map<string, bigint> {
    const sums = this.groups.map(() => 0);
    const { records } = this;
    for (let at = 0; at < records.length; at += SETTLED_WORDS) {
      const group = records[at + SETTLED.group] as number;
      const amount = (records[at + SETTLED.low] as number) + (records[at + SETTLED.high] as number) * TWO_32;
      sums[group] = (sums[group] ?? 0) + amount;
    }
    if (!sums.every(Number.isSafeInteger)) throw new Error('a segment holds more than its bound');
    const found = new Map<string, bigint>();
    for (const [group, { branch }] of this.groups.entries())
      found.set(branch, (found.get(branch) ?? 0n) + BigInt(sums[group] ?? 0));
    return found;
  }

  /** Σ of all lines: count, amount, fee, commission. */
  sums(): [number, bigint, bigint, bigint] {
    let [amount, fee, commission] = [0, 0, 0];
    const { records } = this;
    for (let at = 0; at < records.length; at += SETTLED_WORDS) {
      amount += (records[at + SETTLED.low] as number) + (records[at + SETTLED.high] as number) * TWO_32;
      fee += records[at + SETTLED.fee] as number;
      commission += records[at + SETTLED.commission] as number;
    }
    if (![amount, fee, commission].every(Number.isSafeInteger)) throw new Error('a segment holds more than its bound');
    return [this.count, BigInt(amount), BigInt(fee), BigInt(commission)];
  }

  private compare(i: number, h0: number, h1: number): number {
    const at = i * SETTLED_WORDS;
    return (this.records[at] as number) - h0 || (this.records[at + 1] as number) - h1;
  }
}

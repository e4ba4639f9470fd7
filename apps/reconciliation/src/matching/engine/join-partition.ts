import type { FeeQuestion, AskFees } from './fee-table';
import { FeeTable } from './fee-table';
import { PLACE_WORDS } from './matched-file';
import {
  amountOf,
  BEYOND,
  compareKeys,
  F_CREDITED,
  F_PAID,
  F_SUBMITTED,
  F_UNKNOWN,
  KIND_MASK,
  KIND_SHIFT,
  numberOf,
  ODD,
  offsetOf,
  P_PAYMENT,
  WORDS,
} from './record';
import type { LineRef } from './statement-chunk';
import type { Touched } from './touched';

/** A group for the classifier: its number, and where its lines are. */
export interface SlowGroup {
  number: string;
  /** Books of the date or the time up to the horizon know this number. */
  known: boolean;
  lines: LineRef[];
}

/** Sorted records of one stretch of the hashes. */
export interface Stretch {
  p: Uint32Array;
  g: Uint32Array;
  b: Uint32Array;
}

export interface Joined {
  records: Uint32Array;
  places: Uint32Array;
  slow: SlowGroup[];
  amount: bigint;
  fees: number;
  /** Contract fees of the lines that have one. */
  quotes: number;
  /** Lines without a contract fee that were charged one. */
  unquoted: { count: number; fees: number };
}

/**
 * Walks the three sorted sides together and settles the plain case: one pay line, one paid fact, one credit, all saying the
 * same, nothing else known of that number, and the contract's fee. Whatever is not exactly that is a group for the classifier.
 * So this code may only ever be stricter than the decision tables.
 */
export class PartitionJoin {
  /** By channel and home branch. */
  private readonly tables = new Map<string, FeeTable>();
  /** The same by code of channel and partner, then home branch: it is looked into once a line. */
  private readonly byCode = new Map<number, Map<number, FeeTable>>();

  /**
   * @param firstDay numbers given before this day (YYMMDD) may have a past that the book of the date does not hold
   * @param names `channel\tpartner` by code
   */
  constructor(
    private readonly firstDay: number,
    private readonly names: ReadonlyMap<number, string>,
    private readonly ask: AskFees,
  ) {}

  async join(sides: Stretch, touched: Touched): Promise<Joined> {
    const slow: SlowGroup[] = [];
    const questions: FeeQuestion[] = [];
    const plain = this.walk(sides, touched, slow, questions);
    if (questions.length > 0) await this.learn(questions);
    return this.finish(sides, plain, slow);
  }

  private walk({ p, g, b }: Stretch, touched: Touched, slow: SlowGroup[], questions: FeeQuestion[]): Uint32Array {
    const plain = new Uint32Array((p.length / WORDS) * 2);
    let found = 0;
    for (let [i, j, k] = [0, 0, 0]; i < p.length || j < g.length || k < b.length;) {
      let least = p;
      let at = i;
      if (i >= p.length || (j < g.length && compareKeys(g, j, p, i) < 0)) [least, at] = [g, j];
      if ((least === p ? i >= p.length : j >= g.length) || (k < b.length && compareKeys(b, k, least, at) < 0))
        [least, at] = [b, k];
      const pEnd = runEnd(p, i, least, at);
      const gEnd = runEnd(g, j, least, at);
      const bEnd = runEnd(b, k, least, at);
      const paid =
        pEnd - i === WORDS && bEnd - k === WORDS && gEnd > j ? paidOf(p, i, g, j, gEnd, b, k, this.firstDay) : -1;
      const table = paid >= 0 && !isTouched(touched, p, i, g, j, gEnd) ? this.tableOf(g, paid) : null;
      if (table) {
        this.note(table, amountOf(p, i), g, paid, questions);
        plain[found++] = i;
        plain[found++] = paid;
      } else slow.push(slowGroup(least, at, p, i, pEnd, gEnd > j || bEnd > k));
      [i, j, k] = [pEnd, gEnd, bEnd];
    }
    return plain.subarray(0, found);
  }

  private note(table: FeeTable, amount: number, g: Uint32Array, paid: number, questions: FeeQuestion[]): void {
    if (table.get(amount) !== undefined) return;
    table.set(amount, Number.POSITIVE_INFINITY);
    questions.push({ amount, ...this.pricedBy(g[paid + 13] as number, g[paid + 9] as number) });
  }

  private async learn(questions: readonly FeeQuestion[]): Promise<void> {
    const answers = await this.ask(questions);
    questions.forEach((question, n) => this.tables.get(nameOf(question))?.set(question.amount, answers[n] ?? null));
  }

  private finish({ p, g }: Stretch, plain: Uint32Array, slow: SlowGroup[]): Joined {
    const records = new Uint32Array((plain.length / 2) * WORDS);
    const places = new Uint32Array((plain.length / 2) * PLACE_WORDS);
    const joined: Joined = { records, places, slow, amount: 0n, fees: 0, quotes: 0, unquoted: { count: 0, fees: 0 } };
    let n = 0;
    let sum = 0;
    for (let pair = 0; pair < plain.length; pair += 2) {
      const [i, paid] = [plain[pair] as number, plain[pair + 1] as number];
      const amount = amountOf(p, i);
      const fee = (p[i + 9] as number) | 0;
      const quote = this.tableOf(g, paid)?.get(amount) as number;
      if (quote !== fee && !Number.isNaN(quote)) {
        slow.push(slowGroup(p, i, p, i, i + WORDS, true));
        continue;
      }
      seal(records, n * WORDS, p, i, g, paid);
      places[n * PLACE_WORDS] = p[i + 12] as number;
      places[n * PLACE_WORDS + 1] = p[i + 13] as number;
      n++;
      sum += amount;
      if (sum > 2 ** 51) [joined.amount, sum] = [joined.amount + BigInt(sum), 0];
      joined.fees += fee;
      if (quote === fee) joined.quotes += quote;
      else if (fee !== 0)
        [joined.unquoted.count, joined.unquoted.fees] = [joined.unquoted.count + 1, joined.unquoted.fees + fee];
    }
    joined.amount += BigInt(sum);
    joined.records = records.subarray(0, n * WORDS);
    joined.places = places.subarray(0, n * PLACE_WORDS);
    return joined;
  }

  /** Null for a code without a name. */
  private tableOf(g: Uint32Array, paid: number): FeeTable | null {
    const [code, branch] = [g[paid + 13] as number, g[paid + 9] as number];
    const known = this.byCode.get(code)?.get(branch);
    if (known) return known;
    if (!this.names.has(code)) return null;
    const name = nameOf(this.pricedBy(code, branch));
    const table = this.tables.get(name) ?? new FeeTable();
    this.tables.set(name, table);
    const branches = this.byCode.get(code) ?? new Map<number, FeeTable>();
    this.byCode.set(code, branches.set(branch, table));
    return table;
  }

  private pricedBy(code: number, branch: number): Pick<FeeQuestion, 'channel' | 'branch'> {
    const name = this.names.get(code) ?? '\t';
    return { channel: name.slice(0, name.indexOf('\t')), branch: String(branch).padStart(6, '0') };
  }
}

const nameOf = ({ channel, branch }: Pick<FeeQuestion, 'channel' | 'branch'>): string => `${channel} ${branch}`;

/** End of the run of records that have this key. */
function runEnd(words: Uint32Array, from: number, key: Uint32Array, at: number): number {
  let end = from;
  while (end < words.length && compareKeys(words, end, key, at) === 0) end += WORDS;
  return end;
}

/** Place of the paid fact of a plain group, or -1. */
function paidOf(
  p: Uint32Array,
  i: number,
  g: Uint32Array,
  from: number,
  to: number,
  b: Uint32Array,
  k: number,
  firstDay: number,
): number {
  if (kindOf(p, i) !== P_PAYMENT || kindOf(b, k) !== F_CREDITED || ((b[k + 4] as number) & (ODD | BEYOND)) !== 0)
    return -1;
  if (Math.floor((p[i + 5] as number) / 1000) < firstDay) return -1;
  let paid = -1;
  for (let at = from; at < to; at += WORDS) {
    if (((g[at + 4] as number) & (ODD | BEYOND)) !== 0) return -1;
    const kind = kindOf(g, at);
    if (kind === F_PAID && paid < 0) paid = at;
    else if (kind !== F_SUBMITTED && kind !== F_UNKNOWN) return -1;
  }
  if (paid < 0) return -1;
  for (let word = 7; word < 9; word++) if (p[i + word] !== g[paid + word] || p[i + word] !== b[k + word]) return -1;
  if (g[paid + 9] !== b[k + 9]) return -1;
  const named = ((g[paid + 10] as number) | (g[paid + 11] as number)) !== 0;
  return named && (g[paid + 10] !== p[i + 10] || g[paid + 11] !== p[i + 11]) ? -1 : paid;
}

const kindOf = (words: Uint32Array, at: number): number => ((words[at + 4] as number) >>> KIND_SHIFT) & KIND_MASK;

function isTouched(touched: Touched, p: Uint32Array, i: number, g: Uint32Array, from: number, to: number): boolean {
  if (touched.key(p[i] as number, p[i + 1] as number)) return true;
  if (touched.ref(p[i + 10] as number, p[i + 11] as number)) return true;
  for (let at = from; at < to; at += WORDS) {
    if (touched.ref(g[at + 10] as number, g[at + 11] as number)) return true;
    if (touched.ref(g[at + 14] as number, g[at + 15] as number)) return true;
  }
  return false;
}

function slowGroup(key: Uint32Array, at: number, p: Uint32Array, from: number, to: number, known: boolean): SlowGroup {
  const lines: LineRef[] = [];
  for (let i = from; i < to; i += WORDS)
    lines.push({
      offset: offsetOf(p, i),
      length: (p[i + 13] as number) & 0xffff,
      chunk: p[i + 15] as number,
      line: p[i + 14] as number,
    });
  return { number: numberOf(key, at), known, lines };
}

/** Word by word as matched-file.ts says. */
function seal(to: Uint32Array, at: number, p: Uint32Array, i: number, g: Uint32Array, paid: number): void {
  for (let word = 0; word < 12; word++) to[at + word] = p[i + word] as number;
  to[at + 12] = g[paid + 9] as number;
  to[at + 13] = g[paid + 12] as number;
  to[at + 14] = g[paid + 13] as number;
}

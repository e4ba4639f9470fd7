import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../dates';
import type { NamedLine, StatementLine, StatementTotals, UnreadableLine } from '../../statements/statement';
import { paymentOf } from '../group';
import { hashOf } from '../identity';
import { EnginePool, type Workers } from './engine-pool';
import type { PartResult } from './engine-worker';
import { CopiedLines } from './copied-lines';
import type { AskFees } from './fee-table';
import { keepFile } from './keep-file';
import type { CopyFiles } from './line-copy';
import { plainOf, type PlainPart } from './plain-part';
import { partitionOf } from './record';
import type { SealedBook } from './seal-book';
import { SipHash } from './sip-hash';
import type { Block } from './spill';
import type { Chunk, ChunkResult } from './statement-chunk';
import { misplaced, totalsOf } from './statement-sums';
import { touchedBy, type TouchedHashes } from './touched';
import { Yd1Lines, type LineReader, type ReadLines } from './yd1-lines';

export interface EngineOrder {
  provider: string;
  date: string;
  /** Scratch of this run: what is found there and belongs to the same inputs is not done again. */
  folder: string;
  /** 16 bytes, hex: the installation's own, the same for its books and runs. */
  hashKey: string;
  /** A file in YD1, or the copy of one in another format: that has neither header nor trailer. */
  statement: { path: string; sha256: string; copy?: CopyFiles };
  /** Gateway's and billing's. */
  books: [SealedBook, SealedBook];
  /** Payment numbers with a past or an open item, and transactions that an open item names: never plain. */
  touched: { numbers: readonly string[]; refs: readonly string[] };
  fees: AskFees;
  workers: Workers;
  /** Partitions are 2^bits; by the size of the file when it is not told. */
  bits?: number;
  /** Lines of a partition that are joined together at most. */
  mostLines?: number;
  /** Told how much is done, 0 to 1: partitioned is half of the way. */
  share?: (share: number) => void;
}

/** The plain groups, as sealed parts, and everything that the classifier has to look at. */
export interface EngineResult {
  totals: StatementTotals;
  /** What reading says of header and trailer. */
  faults: string[];
  header: ReadLines['header'];
  unreadable: UnreadableLine[];
  named: NamedLine[];
  /** Lines of groups that are not plain. */
  lines: StatementLine[];
  /** Payment numbers of such groups, with lines or without. */
  numbers: string[];
  plain: PlainPart;
}

interface Partitioned {
  chunks: ChunkResult[];
  blocks: Block[];
}

/** Lines of one partition, about: 64 bytes each on three sides. */
const LINES = 100_000;
const MOST_LINES = 400_000;
const LINE_BYTES = 105;
const CHUNK_BYTES = 32 << 20;
const MOST_BITS = 12;

/** Matching of ENGINE §5: hash partitions written once and joined one by one, in flat memory and any order. */
export class MatchEngine {
  private readonly sip: SipHash;
  private readonly bits: number;
  private readonly inputs: string;

  constructor(private readonly order: EngineOrder) {
    const { statement, books, hashKey, provider, date } = order;
    this.sip = new SipHash(Buffer.from(hashKey, 'hex'));
    const lines = Math.max(1, statSync(statement.path).size / LINE_BYTES);
    this.bits = order.bits ?? Math.min(MOST_BITS, Math.max(0, Math.ceil(Math.log2(lines / LINES))));
    const made = books.map(({ manifest }) => manifest.inputs);
    this.inputs = hashOf('engine-1', provider, date, hashKey, statement.sha256, ...made, String(this.bits));
    mkdirSync(order.folder, { recursive: true });
  }

  async run(): Promise<EngineResult> {
    const { folder, hashKey, workers, fees, statement } = this.order;
    const pool = EnginePool.open(workers, { folder, hashKey }, fees);
    try {
      const partitioned = await this.partition(pool);
      const starts = lineStarts(partitioned.chunks);
      const reader = statement.copy ? new CopiedLines(statement.copy, starts) : new Yd1Lines(statement.path, starts);
      const odd = await reader.read(partitioned.chunks.flatMap((chunk) => chunk.odd));
      const parts = await this.join(pool, partitioned.blocks, reader, odd.lines);
      return await this.result(partitioned, odd, parts, reader);
    } finally {
      await pool.close();
    }
  }

  private async partition(pool: EnginePool): Promise<Partitioned> {
    const { folder, statement, date } = this.order;
    const place = join(folder, `statement-${this.inputs.slice(0, 16)}.json`);
    if (existsSync(place)) {
      const kept = JSON.parse(readFileSync(place, 'utf8')) as Partitioned;
      if (kept.blocks.every(({ file }) => existsSync(file))) return kept;
    }
    const dates = [date, addDays(date, -1), addDays(date, 1)];
    await pool.all('openStatement', { bits: this.bits, dates });
    const inputs = chunksOf(statSync(statement.path).size, pool.size).map((chunk) => ({ path: statement.path, chunk }));
    const chunks = await pool.each('statement', inputs, (n) => this.order.share?.(n / inputs.length / 2));
    const blocks = (await pool.all('closeSpill', undefined)).flat();
    const partitioned = { chunks, blocks };
    keepFile(place, Buffer.from(JSON.stringify(partitioned)));
    return partitioned;
  }

  /**
   * Lines that name no payment of our books may name another's transaction: what they touch is joined again, and is then for
   * the classifier.
   */
  private async join(
    pool: EnginePool,
    blocks: readonly Block[],
    reader: LineReader,
    odd: readonly StatementLine[],
  ): Promise<PartResult[]> {
    const numbers = [...this.order.touched.numbers, ...odd.flatMap((line) => paymentOf(line.ourRef) ?? [])];
    const refs = [...this.order.touched.refs, ...odd.flatMap(refsOf)];
    const touched = touchedBy(this.sip, numbers, refs);
    const byPartition = Array.from({ length: 1 << this.bits }, () => [] as Block[]);
    for (const block of blocks) byPartition[block.partition]?.push(block);
    const share = (n: number, of: number) => this.order.share?.(0.5 + n / of / 2);
    const parts = await this.joinThese(pool, byPartition, touched, byPartition.keys(), share);
    const lost = parts.flatMap(({ slow }) => slow.filter(({ known }) => !known).flatMap(({ lines }) => lines));
    if (lost.length === 0) return parts;
    const { lines } = await reader.read(lost, this.header());
    const wanted = touchedBy(this.sip, [], lines.flatMap(refsOf)).refs;
    const hits = await pool.each(
      'scan',
      parts.filter(({ n }) => n > 0).map(({ file }) => ({ file, refs: wanted })),
    );
    const again = [...new Set(hits.flat())];
    if (again.length === 0) return parts;
    const affected = new Set(again.map((number) => this.partitionOfNumber(number)));
    const more = touchedBy(this.sip, [...numbers, ...again], refs);
    const redone = await this.joinThese(pool, byPartition, more, affected);
    [...affected].forEach((partition, n) => (parts[partition] = redone[n] as PartResult));
    return parts;
  }

  private async joinThese(
    pool: EnginePool,
    byPartition: readonly Block[][],
    touched: TouchedHashes,
    partitions: Iterable<number>,
    share?: (n: number, of: number) => void,
  ): Promise<PartResult[]> {
    const { books, date } = this.order;
    const firstDay = Number(date.slice(2).replaceAll('-', ''));
    await pool.all('openJoin', {
      bits: this.bits,
      firstDay,
      books,
      touched,
      mostLines: this.order.mostLines ?? MOST_LINES,
    });
    const made = hashOf(this.inputs, JSON.stringify(touched)).slice(0, 16);
    const tasks = [...partitions].map((partition) => ({
      partition,
      blocks: byPartition[partition] ?? [],
      name: `part-${partition}-${made}`,
    }));
    const kept = tasks.map(({ name }) => this.kept(name));
    const missing = tasks.filter((_, n) => !kept[n]);
    const there = tasks.length - missing.length;
    const joined = await pool.each('join', missing, (n) => share?.(there + n, tasks.length));
    await pool.all('closeJoin', undefined);
    return tasks.map((task, n) => kept[n] ?? (joined[missing.indexOf(task)] as PartResult));
  }

  /** A part that is there and whole. */
  private kept(name: string): PartResult | undefined {
    const place = join(this.order.folder, name);
    if (!existsSync(`${place}.json`) || !existsSync(`${place}.matched`)) return undefined;
    const part = JSON.parse(readFileSync(`${place}.json`, 'utf8')) as PartResult;
    const found = createHash('sha256')
      .update(readFileSync(`${place}.matched`))
      .digest('hex');
    // One kept by an earlier release does not say how its lines are spread: it is made anew.
    return found === part.sha256 && Array.isArray(part.counts) ? part : undefined;
  }

  private async result(
    { chunks }: Partitioned,
    odd: ReadLines,
    parts: PartResult[],
    reader: LineReader,
  ): Promise<EngineResult> {
    const slow = parts.flatMap((part) => part.slow);
    const read = await reader.read(
      slow.flatMap(({ lines }) => lines),
      this.header(),
    );
    const strange = this.order.books.flatMap(({ manifest }) => manifest.strange);
    return {
      totals: totalsOf(chunks, odd),
      faults: this.order.statement.copy ? [] : [...odd.faults, ...misplaced(chunks, odd)],
      header: odd.header,
      unreadable: odd.unreadable,
      named: odd.named,
      lines: [...odd.lines, ...read.lines],
      numbers: [...new Set([...slow.map(({ number }) => number), ...strange])],
      plain: plainOf(parts, this.bits, this.order.books[0].manifest.names),
    };
  }

  private header(): string {
    return `H|YD1|${this.order.provider}|${this.order.date}|CNY`;
  }

  private partitionOfNumber(number: string): number {
    this.sip.hash128(0, this.sip.put(number));
    return partitionOf(this.sip.h0, this.bits);
  }
}

const refsOf = ({ ourRef, txnId, origTxnId }: StatementLine): string[] => [ourRef, txnId, origTxnId];

function chunksOf(size: number, workers: number): Chunk[] {
  const count = Math.max(1, Math.ceil(size / CHUNK_BYTES), size > 1 << 20 ? workers : 1);
  return Array.from({ length: count }, (_, index) => ({
    index,
    from: Math.floor((size * index) / count),
    to: Math.floor((size * (index + 1)) / count),
  }));
}

function lineStarts(chunks: readonly ChunkResult[]): number[] {
  let line = 1;
  return chunks.map(({ fileLines }) => (line += fileLines) - fileLines);
}

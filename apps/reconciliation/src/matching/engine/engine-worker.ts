import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BookReader, sealPartition, type BookManifest } from './book-file';
import { FactRecords, type BookOf, type FactsResult } from './fact-records';
import { FactText } from './fact-text';
import type { AskFees } from './fee-table';
import { keepFile } from './keep-file';
import { PartitionJoin, type SlowGroup, type Stretch } from './join-partition';
import { matchedBytes, readHeader } from './matched-file';
import { PieceDigest } from './piece-digest';
import { numberOf, WORDS } from './record';
import { Scratch } from './scratch';
import { SipHash } from './sip-hash';
import { SealedTally, type SealedCount } from './sealed-tally';
import { sortRecords } from './sort-records';
import { BlockReader, recordsOf, Spill, type Block } from './spill';
import { StatementChunks, type Chunk, type ChunkResult } from './statement-chunk';
import { Touched, type TouchedHashes } from './touched';

export interface WorkerSettings {
  /** 16 bytes, hex. */
  hashKey: string;
  folder: string;
  /** Name of this worker's spill files, unique within the folder. */
  name: string;
}

export interface JoinSettings {
  bits: number;
  firstDay: number;
  books: { file: string; manifest: BookManifest }[];
  touched: TouchedHashes;
  /** A partition with more lines is joined in stretches: memory stays what one of them takes. */
  mostLines: number;
}

export interface JoinTask {
  partition: number;
  blocks: Block[];
  /** Name of the result, made of its inputs. */
  name: string;
}

/** What a partition came to; written beside its matched lines. */
export interface PartResult {
  file: string;
  sha256: string;
  n: number;
  amount: string;
  fees: number;
  quotes: number;
  unquoted: { count: number; fees: number };
  slow: SlowGroup[];
  counts: SealedCount[];
  pieces: [piece: number, sha256: string][];
}

/** The work of one thread, a task at a time. */
export class EngineWorker {
  private readonly sip: SipHash;
  private readonly scratch = new Scratch();
  private spill: Spill | undefined;
  private chunks: StatementChunks | undefined;
  private facts: { records: FactRecords; text: FactText } | undefined;
  private joining: { settings: JoinSettings; join: PartitionJoin; touched: Touched; books: BookReader[] } | undefined;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly ask: AskFees,
  ) {
    this.sip = new SipHash(Buffer.from(settings.hashKey, 'hex'));
  }

  openStatement({ bits, dates }: { bits: number; dates: string[] }): void {
    this.spill = new Spill(this.file('statement.spill'), bits);
    this.chunks = new StatementChunks(this.sip, dates);
  }

  statement({ path, chunk }: { path: string; chunk: Chunk }): ChunkResult {
    if (!this.spill || !this.chunks) throw new Error('no statement is open');
    return this.chunks.read(path, chunk, this.spill);
  }

  openFacts({ bits, book }: { bits: number; book: BookOf }): void {
    this.spill = new Spill(this.file(`${book.service}.spill`), bits);
    const records = new FactRecords(this.sip, book);
    this.facts = { records, text: new FactText(this.sip, records) };
  }

  text({ bytes }: { bytes: Uint8Array }): void {
    if (!this.spill || !this.facts) throw new Error('no book is open');
    this.facts.text.read(bytes, this.spill);
  }

  closeFacts(): FactsResult {
    if (!this.facts) throw new Error('no book is open');
    return this.facts.records.result(this.closeSpill());
  }

  closeSpill(): Block[] {
    const blocks = this.spill?.close() ?? [];
    this.spill = undefined;
    return blocks;
  }

  seal({ file, blocks, at, bits }: { file: string; blocks: Block[]; at: number; bits: number }): number {
    return sealPartition(file, blocks, at, bits, this.scratch);
  }

  openJoin(settings: JoinSettings): void {
    this.closeJoin();
    const names = new Map(settings.books.flatMap(({ manifest }) => manifest.names));
    this.joining = {
      settings,
      join: new PartitionJoin(settings.firstDay, names, this.ask),
      touched: new Touched(settings.touched),
      books: settings.books.map(({ file, manifest }) => new BookReader(file, manifest, this.scratch)),
    };
  }

  closeJoin(): void {
    this.joining?.books.forEach((book) => book.close());
    this.joining = undefined;
  }

  async join({ partition, blocks, name }: JoinTask): Promise<PartResult> {
    if (!this.joining) throw new Error('no join is open');
    const { join: engine, touched } = this.joining;
    const pieces: { records: Uint32Array; places: Uint32Array }[] = [];
    const result: PartResult = {
      file: `${name}.matched`,
      sha256: '',
      n: 0,
      amount: '0',
      fees: 0,
      quotes: 0,
      unquoted: { count: 0, fees: 0 },
      slow: [],
      counts: [],
      pieces: [],
    };
    let amount = 0n;
    const digest = new PieceDigest();
    const tally = new SealedTally();
    for (const stretch of this.stretches(partition, blocks)) {
      const joined = await engine.join(stretch, touched);
      pieces.push(joined);
      digest.add(joined.records);
      tally.add(joined.records);
      amount += joined.amount;
      result.n += joined.records.length / WORDS;
      result.fees += joined.fees;
      result.quotes += joined.quotes;
      result.unquoted.count += joined.unquoted.count;
      result.unquoted.fees += joined.unquoted.fees;
      for (const group of joined.slow) result.slow.push(group);
    }
    const bytes = matchedBytes(pieces);
    result.sha256 = createHash('sha256').update(bytes).digest('hex');
    result.amount = `${amount}`;
    result.pieces = digest.end();
    result.counts = tally.end();
    this.keep(result.file, bytes);
    this.keep(`${name}.json`, Buffer.from(JSON.stringify(result)));
    return result;
  }

  /** Numbers of matched lines that name one of these transactions. */
  scan({ file, refs }: { file: string; refs: number[] }): string[] {
    const touched = new Touched({ keys: [], refs });
    const bytes = readFileSync(this.file(file, ''));
    const { n, recordsAt } = readHeader(bytes);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + recordsAt, n * WORDS);
    const found: string[] = [];
    for (let at = 0; at < words.length; at += WORDS)
      if (touched.ref(words[at + 10] as number, words[at + 11] as number)) found.push(numberOf(words, at));
    return found;
  }

  /** Sorted sides, in as many stretches as the lines need. */
  private *stretches(partition: number, blocks: readonly Block[]): Generator<Stretch> {
    const { settings, books } = this.joining as NonNullable<typeof this.joining>;
    const lines = recordsOf(blocks);
    const more = Math.min(Math.ceil(Math.log2(Math.max(1, lines / settings.mostLines))), 32 - settings.bits - 1);
    const bits = settings.bits + more;
    const reader = new BlockReader();
    try {
      for (let part = 0; part < 2 ** more; part++) {
        const place = partition * 2 ** more + part;
        const words =
          more === 0
            ? reader.read(blocks, this.scratch.take('read', lines * WORDS))
            : readPart(reader, blocks, place, bits);
        const p = sortRecords(words, bits, this.scratch);
        const [g = new Uint32Array(0), b = new Uint32Array(0)] = books.map((book) => book.read(place, bits));
        yield { p, g, b };
      }
    } finally {
      reader.close();
    }
  }

  private keep(name: string, bytes: Uint8Array): void {
    keepFile(join(this.settings.folder, name), bytes);
  }

  private file(name: string, own = `${this.settings.name}-`): string {
    return join(this.settings.folder, own + name);
  }
}

/** Block by block, so that lines of other stretches are never in memory together. */
function readPart(reader: BlockReader, blocks: readonly Block[], place: number, bits: number): Uint32Array {
  const kept: Uint32Array[] = [];
  for (const block of blocks) {
    const words = reader.read([block]);
    let n = 0;
    for (let at = 0; at < words.length; at += WORDS)
      if ((words[at] as number) >>> (32 - bits) === place) words.copyWithin(n++ * WORDS, at, at + WORDS);
    if (n > 0) kept.push(words.slice(0, n * WORDS));
  }
  const all = new Uint32Array(kept.reduce((sum, words) => sum + words.length, 0));
  kept.reduce((at, words) => (all.set(words, at), at + words.length), 0);
  return all;
}

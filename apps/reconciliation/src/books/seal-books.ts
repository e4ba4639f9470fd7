import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import { EnginePool, workersFor } from '../matching/engine/engine-pool';
import { sealBook, sealedBook, type SealedBook } from '../matching/engine/seal-book';
import { hashOf } from '../matching/identity';
import { BooksStore, type FrozenBook, type Totals } from './books.store';
import type { BookService } from './fact';
import { textOf } from './write-facts';
import { HashKeyStore } from './hash-key.store';
import { MatchScratch } from './match-scratch';
import { ReadSegment } from './read-segment';
import { SegmentsStore } from './segments.store';

/** Records of one partition, about. */
const RECORDS = 100_000;
const MOST_BITS = 12;
/** Facts of one read. */
const PAGE = 5_000;

type Starts = ReadonlyMap<number, bigint>;
type Ends = ReadonlyMap<number, number>;
/** Facts of a book, and what a book that is made of them is named by. */
interface Texts {
  name: string;
  all(): AsyncGenerator<Uint8Array>;
}

/**
 * The frozen book of a provider and date as the matching engine reads it: records sorted by key. Made once; made again when it
 * is lost.
 */
@Injectable()
export class SealBooks {
  constructor(
    private readonly books: BooksStore,
    private readonly segments: SegmentsStore,
    private readonly read: ReadSegment,
    private readonly scratch: MatchScratch,
    private readonly key: HashKeyStore,
  ) {}

  /**
   * Made of the sealed segments; where those do not hold what the source says, of the loaded facts: some were pulled as rows,
   * before there were segments. Null when these do not either.
   */
  async execute(provider: string, date: string, book: FrozenBook & { totals: Totals }): Promise<SealedBook | null> {
    const { service, vector, horizon, totals } = book;
    const ends = farthest([...vector, ...(horizon ?? [])]);
    const starts = new Map(
      (await this.books.vectorBefore(provider, date, service)).map(({ laneId, seq }) => [laneId, BigInt(seq)]),
    );
    for (const texts of [this.sealedTexts(service, starts, ends), this.loadedTexts(service, starts, ends)]) {
      const sealed = await this.made(provider, date, book, texts);
      if (agree(sealed, totals)) return sealed;
    }
    return null;
  }

  private async made(
    provider: string,
    date: string,
    { service, vectorHash, horizon, totals }: FrozenBook & { totals: Totals },
    texts: Texts,
  ): Promise<SealedBook> {
    const folder = await this.scratch.of(provider, date);
    const hashKey = await this.key.get();
    const inputs = hashOf(texts.name, provider, date, service, vectorHash, JSON.stringify(horizon), hashKey);
    const known = sealedBook(folder, service, inputs);
    if (known) return known;
    const facts = totals.reduce((sum, line) => sum + line.count, 0);
    return this.seal(
      EnginePool.open(workersFor(facts), { folder, hashKey }, () => Promise.resolve([])),
      {
        ...{ folder, inputs, texts: texts.all() },
        book: { service, provider, date, horizon: Object.fromEntries(farthest(horizon ?? []).entries()) },
        bits: Math.min(MOST_BITS, Math.max(0, Math.ceil(Math.log2(Math.max(1, facts / RECORDS))))),
      },
    );
  }

  private async seal(pool: EnginePool, order: Parameters<typeof sealBook>[1]): Promise<SealedBook> {
    try {
      return await sealBook(pool, order);
    } finally {
      await pool.close();
    }
  }

  private sealedTexts(service: BookService, starts: Starts, ends: Ends): Texts {
    const { segments, read } = this;
    async function* all(): AsyncGenerator<Uint8Array> {
      for (const [laneId, end] of ends)
        for (const segment of await segments.covering(service, laneId, starts.get(laneId) ?? 0n, BigInt(end)))
          yield Buffer.from(await read.execute(segment));
    }
    return { name: 'book-1', all };
  }

  private loadedTexts(service: BookService, starts: Starts, ends: Ends): Texts {
    const { books } = this;
    async function* all(): AsyncGenerator<Uint8Array> {
      for (const [laneId, end] of ends) {
        let at = starts.get(laneId) ?? 0n;
        for (let page; (page = await books.factsOfLane(service, laneId, at, BigInt(end), PAGE)).length > 0;) {
          at = page.at(-1)?.seq ?? at;
          yield Buffer.from(textOf(page));
        }
      }
    }
    return { name: 'book-rows-1', all };
  }
}

function farthest(vector: readonly VectorEntry[]): Map<number, number> {
  const ends = new Map<number, number>();
  for (const { laneId, seq } of vector) ends.set(laneId, Math.max(ends.get(laneId) ?? 0, Number(seq)));
  return ends;
}

function agree({ manifest }: SealedBook, totals: Totals): boolean {
  const told = (lines: readonly { kind: string; count: number; amount: string }[]) =>
    lines
      .filter((line) => line.count > 0)
      .map((line) => `${line.kind} ${line.count} ${line.amount}`)
      .sort()
      .join(', ');
  return told(totals) === told(Object.entries(manifest.sums).map(([kind, sums]) => ({ kind, ...sums })));
}

import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import { EnginePool, workersFor } from '../matching/engine/engine-pool';
import { sealBook, sealedBook, type SealedBook } from '../matching/engine/seal-book';
import { hashOf } from '../matching/identity';
import { BooksStore, type FrozenBook, type Totals } from './books.store';
import type { BookService } from './fact';
import { HashKeyStore } from './hash-key.store';
import { MatchScratch } from './match-scratch';
import { ReadSegment } from './read-segment';
import { SegmentsStore } from './segments.store';

/** Records of one partition, about. */
const RECORDS = 100_000;
const MOST_BITS = 12;

/**
 * The frozen book of a provider and date as the matching engine reads it: records sorted by key, made of the sealed segments
 * alone. Made once; made again from the segments when it is lost.
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

  /** Null when the segments do not hold what the source says: facts that were pulled as rows, before there were segments. */
  async execute(provider: string, date: string, book: FrozenBook & { totals: Totals }): Promise<SealedBook | null> {
    const folder = await this.scratch.of(provider, date);
    const hashKey = await this.key.get();
    const { service, vector, vectorHash, horizon, totals } = book;
    const inputs = hashOf('book-1', provider, date, service, vectorHash, JSON.stringify(horizon), hashKey);
    const facts = totals.reduce((sum, line) => sum + line.count, 0);
    const known = sealedBook(folder, service, inputs);
    const ends = farthest([...vector, ...(horizon ?? [])]);
    const sealed =
      known ??
      (await this.seal(
        EnginePool.open(workersFor(facts), { folder, hashKey }, () => Promise.resolve([])),
        {
          ...{ folder, inputs },
          book: { service, provider, date, horizon: Object.fromEntries(farthest(horizon ?? []).entries()) },
          bits: Math.min(MOST_BITS, Math.max(0, Math.ceil(Math.log2(Math.max(1, facts / RECORDS))))),
          texts: this.texts(service, await this.books.vectorBefore(provider, date, service), ends),
        },
      ));
    return agree(sealed, totals) ? sealed : null;
  }

  private async seal(pool: EnginePool, order: Parameters<typeof sealBook>[1]): Promise<SealedBook> {
    try {
      return await sealBook(pool, order);
    } finally {
      await pool.close();
    }
  }

  private async *texts(
    service: BookService,
    before: readonly VectorEntry[],
    ends: ReadonlyMap<number, number>,
  ): AsyncGenerator<Uint8Array> {
    const starts = new Map(before.map(({ laneId, seq }) => [laneId, BigInt(seq)]));
    for (const [laneId, end] of ends)
      for (const segment of await this.segments.covering(service, laneId, starts.get(laneId) ?? 0n, BigInt(end)))
        yield Buffer.from(await this.read.execute(segment));
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

import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import type { BookService } from './fact';
import { ReadSegment } from './read-segment';
import type { Segment } from './segment';
import { SegmentsStore } from './segments.store';

/** Small segments are loaded together until there are so many facts in one transaction. */
const FACTS = 20_000;
const SEGMENTS = 200;

/**
 * Brings book_fact up to a vector from what was pulled. A segment is loaded once, whoever loads and however often it is cut:
 * its facts and the lane's position are one transaction, and the position must be the one just before it.
 */
@Injectable()
export class LoadBooks {
  constructor(
    private readonly store: SegmentsStore,
    private readonly read: ReadSegment,
  ) {}

  /** @param vector of what was pulled already */
  async upTo(service: BookService, vector: readonly VectorEntry[]): Promise<void> {
    const loaded = await this.store.loaded(service);
    for (const { laneId, seq } of vector) {
      const end = BigInt(seq);
      let at = loaded.get(laneId) ?? 0n;
      while (at < end) at = await this.next(service, laneId, at);
      loaded.set(laneId, at);
    }
  }

  /** @returns how far the lane is loaded */
  private async next(service: BookService, laneId: number, at: bigint): Promise<bigint> {
    const together = whole(await this.store.after(service, laneId, at, SEGMENTS));
    const [first, last] = [together[0], together.at(-1)];
    if (first?.from !== at + 1n || !last) throw new Error(`${service} lane ${laneId}: no segment begins at ${at + 1n}`);
    const texts: string[] = [];
    for (const segment of together) texts.push(await this.read.execute(segment));
    return (await this.store.load(first, last, texts)) ? last.to : this.store.loadedTo(service, laneId);
  }
}

function whole(segments: readonly Segment[]): Segment[] {
  let facts = 0;
  return segments.filter((segment, place) => (facts += segment.n) <= FACTS || place === 0);
}

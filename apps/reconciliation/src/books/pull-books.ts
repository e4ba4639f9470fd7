import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import { Peers } from '../peers';
import { BooksStore } from './books.store';
import { BOOK_SERVICES, type BookService } from './fact';
import { PullLane } from './pull-lane';

/** Brings the store up to what the sources have committed, so that at night only the statement is new. */
@Injectable()
export class PullBooks {
  constructor(
    private readonly store: BooksStore,
    private readonly peers: Peers,
    private readonly lane: PullLane,
  ) {}

  async execute(): Promise<void> {
    for (const service of BOOK_SERVICES) {
      const { lanes } = await this.peers.books(service, 'books.lanes', {});
      await this.upTo(service, lanes);
    }
  }

  /** A lane that cannot be pulled does not hold up the others; it is told at the end. */
  async upTo(service: BookService, vector: readonly VectorEntry[]): Promise<void> {
    const cursors = await this.store.cursors(service);
    const failures: unknown[] = [];
    for (const { laneId, seq } of vector) {
      const head = BigInt(seq);
      if ((cursors.get(laneId) ?? 0n) >= head) continue;
      await this.lane.execute(service, laneId, head).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

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

  async upTo(service: BookService, vector: readonly VectorEntry[]): Promise<void> {
    const cursors = await this.store.cursors(service);
    for (const { laneId, seq } of vector) {
      const head = BigInt(seq);
      if ((cursors.get(laneId) ?? 0n) < head) await this.lane.execute(service, laneId, head);
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import { Peers } from '../peers';
import { BOOK_SERVICES, type BookService } from './fact';
import { PullLane } from './pull-lane';
import { SegmentsStore } from './segments.store';

/** Whether a lane with so many facts waiting is worth a segment now. */
export type Worth = (service: BookService, laneId: number, waiting: bigint) => boolean;

interface BehindLane {
  service: BookService;
  laneId: number;
  at: bigint;
  head: bigint;
}

/** Brings the archive up to what the sources have committed, so that at night only the statement is new. */
@Injectable()
export class PullBooks {
  constructor(
    private readonly store: SegmentsStore,
    private readonly peers: Peers,
    private readonly lane: PullLane,
  ) {}

  /** A source that does not answer, or a lane that cannot be pulled, does not hold up the others; it is told at the end. */
  async execute(worth: Worth = () => true): Promise<void> {
    const failures: unknown[] = [];
    const lanes: BehindLane[] = [];
    for (const service of BOOK_SERVICES)
      try {
        const { lanes: heads } = await this.peers.books(service, 'books.lanes', {});
        lanes.push(...(await this.behind(service, heads)));
      } catch (error) {
        failures.push(error);
      }
    const wanted = lanes.filter(({ service, laneId, at, head }) => worth(service, laneId, head - at));
    await this.inTurns(wanted, failures);
  }

  async upTo(service: BookService, vector: readonly VectorEntry[]): Promise<void> {
    await this.inTurns(await this.behind(service, vector), []);
  }

  private async behind(service: BookService, vector: readonly VectorEntry[]): Promise<BehindLane[]> {
    const pulled = await this.store.pulled(service);
    return vector
      .map(({ laneId, seq }) => ({ service, laneId, at: pulled.get(laneId) ?? 0n, head: BigInt(seq) }))
      .filter(({ at, head }) => at < head);
  }

  /** A page of each lane, then the next of each: a lane with millions waiting is no reason for the others to wait. */
  private async inTurns(lanes: readonly BehindLane[], failures: unknown[]): Promise<void> {
    for (let behind = lanes; behind.length > 0;) {
      const still: BehindLane[] = [];
      for (const lane of behind)
        try {
          const at = await this.lane.execute(lane.service, lane.laneId, lane.at);
          if (at < lane.head) still.push({ ...lane, at });
        } catch (error) {
          failures.push(error);
        }
      behind = still;
    }
    if (failures.length > 0) throw failures[0];
  }
}

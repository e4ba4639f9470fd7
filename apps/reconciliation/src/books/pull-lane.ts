import { Injectable } from '@nestjs/common';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { Peers } from '../peers';
import { BooksStore } from './books.store';
import { fromWire, type BookService } from './fact';

const PAGE = 5_000;

/** The source gave rows that are not numbered one after the other. A gap is never skipped: later rows would hide it. */
export class LaneGap extends Error {
  override readonly name = 'LaneGap';
}

@Injectable()
export class PullLane {
  /** Told once each: the puller comes by every few seconds. */
  private readonly told = new Set<string>();

  constructor(
    private readonly store: BooksStore,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
  ) {}

  /**
   * Pulls a lane page by page up to a committed position. Any number of pullers may work on one lane: the cursor lets one
   * page in, the other starts again from what is stored.
   */
  async execute(service: BookService, laneId: number, upTo: bigint): Promise<void> {
    for (;;) {
      const after = (await this.store.cursors(service)).get(laneId) ?? 0n;
      if (after >= upTo) return;
      const { facts } = await this.peers.books(service, 'books.pull', { laneId, after: after.toString(), limit: PAGE });
      const page = facts.map((fact) => fromWire(service, fact));
      const broken = page.findIndex((fact, place) => fact.laneId !== laneId || fact.seq !== after + BigInt(place) + 1n);
      if (page.length === 0 || broken >= 0) await this.gap(service, laneId, after, page[broken]?.seq ?? null);
      await this.store.appendPage(service, laneId, after, page);
    }
  }

  private async gap(service: BookService, laneId: number, after: bigint, met: bigint | null): Promise<never> {
    const detail = `${service} lane ${laneId}: after ${after} came ${met ?? 'nothing'}, though the lane has more`;
    if (!this.told.has(detail)) await this.alarm.execute({ kind: 'lane_gap', provider: '', date: null, detail });
    this.told.add(detail);
    throw new LaneGap(detail);
  }
}

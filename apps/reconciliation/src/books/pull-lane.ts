import { Inject, Injectable } from '@nestjs/common';
import type { Archive } from '@yidian/archive';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { Peers } from '../peers';
import { ARCHIVE } from '../statements/fetch-statement';
import { metInsteadOf } from './dense-page';
import type { BookService } from './fact';
import { segmentPlace } from './segment';
import { SegmentsStore } from './segments.store';

/** 2 MB. The source turns it into one message while top-ups wait: some ten milliseconds. */
const PAGE = 10_000;

/** The source gave rows that are not numbered one after the other. A gap is never skipped: later rows would hide it. */
export class LaneGap extends Error {
  override readonly name = 'LaneGap';
}

@Injectable()
export class PullLane {
  /** Told once each: the puller comes by every few seconds. */
  private readonly told = new Set<string>();

  constructor(
    private readonly store: SegmentsStore,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  /**
   * One page of a lane that has more, sealed as a segment: the file first, then its row with the cursor. A file without a row
   * is nobody's, and is taken as it is when the same page comes again. Any number of pullers may work on one lane: the
   * cursor lets one page in.
   * @returns how far the lane was pulled
   */
  async execute(service: BookService, laneId: number, after: bigint): Promise<bigint> {
    const page = await this.peers.books(service, 'books.pull', { laneId, after: after.toString(), limit: PAGE });
    const met = metInsteadOf(page, laneId, after);
    if (met !== undefined) await this.gap(service, laneId, after, met);
    const [from, to, bytes] = [after + 1n, after + BigInt(page.n), Buffer.from(page.text)];
    const kept = await this.archive.put(segmentPlace(service, laneId, from, to), bytes);
    const segment = { service, laneId, from, to, n: page.n, bytes: bytes.length, ...kept };
    return (await this.store.append(segment)) ? to : this.store.pulledTo(service, laneId);
  }

  private async gap(service: BookService, laneId: number, after: bigint, met: bigint | null): Promise<never> {
    const detail = `${service} lane ${laneId}: after ${after} came ${met ?? 'nothing'}, though the lane has more`;
    if (!this.told.has(detail)) await this.alarm.execute({ kind: 'lane_gap', provider: '', date: null, detail });
    this.told.add(detail);
    throw new LaneGap(detail);
  }
}

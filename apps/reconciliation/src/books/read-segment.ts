import { Inject, Injectable } from '@nestjs/common';
import { ArchiveDamaged, type Archive } from '@yidian/archive';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { Peers } from '../peers';
import { ARCHIVE } from '../statements/fetch-statement';
import { nameOf, type Segment } from './segment';

/** What the source says now is not what was sealed: one of the two was changed. */
export class SegmentLost extends Error {
  override readonly name = 'SegmentLost';
}

/** The text of a segment. One that is lost or damaged is asked of its source again and must be the same to the byte. */
@Injectable()
export class ReadSegment {
  /** Told once each: a step that fails is tried again every minute. */
  private readonly told = new Set<string>();

  constructor(
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  async execute(segment: Segment): Promise<string> {
    try {
      return (await this.archive.get(segment)).toString();
    } catch (error) {
      if (!(error instanceof ArchiveDamaged)) throw error;
      return this.again(segment, error.message);
    }
  }

  private async again(segment: Segment, why: string): Promise<string> {
    const { service, laneId, from, n } = segment;
    const { text } = await this.peers.books(service, 'books.pull', {
      ...{ laneId, after: (from - 1n).toString(), limit: n },
    });
    try {
      await this.archive.restore(segment, Buffer.from(text));
    } catch (error) {
      if (!(error instanceof ArchiveDamaged)) throw error;
      const detail = `${nameOf(segment)}: ${why}; its source has other facts now: ${error.message}`;
      await this.tell('segment_lost', detail);
      throw new SegmentLost(detail);
    }
    await this.tell('segment_damaged', `${nameOf(segment)}: ${why}; pulled again, the same bytes`);
    return text;
  }

  private async tell(kind: string, detail: string): Promise<void> {
    if (!this.told.has(detail)) await this.alarm.execute({ kind, provider: '', date: null, detail });
    this.told.add(detail);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';

export interface StoredEvent {
  lane_id: number;
  batch_no: bigint;
  n: number;
  partner: string;
  object_id: string;
  sequence: number;
  type: string;
  previous_state: string | null;
  body: string;
  created_at: Date;
}

export interface LanePosition {
  laneId: number;
  batchNo: bigint;
  n: number;
}

export interface LaneHead {
  lane_id: number;
  state: 'open' | 'closed';
  batch_no: bigint;
}

/** Events lie on lanes: within one their order is that of their commits, so a reader never passes one that comes later. */
@Injectable()
export class EventsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Lanes from a number on, with how far each has come. Read before the events: what lies behind a head is complete. */
  async heads(fromLane: number): Promise<LaneHead[]> {
    const sql = 'SELECT lane_id, state, batch_no FROM lane WHERE lane_id >= ? ORDER BY lane_id';
    return (await this.db.select(sql, [fromLane])) as unknown as LaneHead[];
  }

  async after(partner: string, position: LanePosition, limit: number): Promise<StoredEvent[]> {
    const sql = `SELECT * FROM event FORCE INDEX (event_partner) WHERE partner = ? AND lane_id = ?
      AND (batch_no > ? OR (batch_no = ? AND n > ?)) ORDER BY batch_no, n LIMIT ?`;
    const { laneId, batchNo, n } = position;
    return (await this.db.select(sql, [partner, laneId, batchNo, batchNo, n, limit])) as unknown as StoredEvent[];
  }

  /** Partners with neither an endpoint nor the scope to pull. */
  async partnersWithoutReaders(): Promise<string[]> {
    const rows = await this.db.select<{ id: string }>(
      `SELECT p.id FROM partner p LEFT JOIN webhook_endpoint w ON w.partner = p.id
        WHERE w.id IS NULL AND p.scopes NOT LIKE '%"events:read"%'`,
    );
    return rows.map((row) => row.id);
  }

  async find(laneId: number, batchNo: bigint, n: number): Promise<StoredEvent | undefined> {
    const sql = 'SELECT * FROM event WHERE lane_id = ? AND batch_no = ? AND n = ?';
    return ((await this.db.select(sql, [laneId, batchNo, n])) as unknown as StoredEvent[])[0];
  }
}

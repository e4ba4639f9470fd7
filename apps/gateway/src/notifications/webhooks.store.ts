import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type { StoredEvent } from './events.store';

export interface DeliveryRow {
  endpoint: string;
  lane_id: number;
  batch_no: bigint;
  n: number;
  tries: number;
  due_at: Date | null;
  url: string;
}

const KEY = 'endpoint = ? AND lane_id = ? AND batch_no = ? AND n = ?';
const keyOf = (row: DeliveryRow): unknown[] => [row.endpoint, row.lane_id, row.batch_no, row.n];

@Injectable()
export class WebhooksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** One endpoint per partner, as the carrier's profile names it. */
  async upsertEndpoint(id: string, partner: string, url: string): Promise<void> {
    await this.db.run(
      `INSERT INTO webhook_endpoint (id, partner, url, state, created_at) VALUES (?, ?, ?, 'active', UTC_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE url = VALUES(url)`,
      [id, partner, url],
    );
  }

  /** Lanes that have moved since their events were last looked at. */
  async behind(): Promise<{ lane_id: number; head: bigint; seen: bigint }[]> {
    return (await this.db.select(
      `SELECT l.lane_id, l.batch_no AS head, COALESCE(c.batch_no, 0) AS seen FROM lane l
        LEFT JOIN webhook_cursor c ON c.lane_id = l.lane_id WHERE l.batch_no > COALESCE(c.batch_no, 0) ORDER BY l.lane_id`,
    )) as unknown as { lane_id: number; head: bigint; seen: bigint }[];
  }

  /** Deliveries of the events of these batches and the cursor's move, together: none is skipped, none made twice. */
  async take(laneId: number, seen: bigint, upTo: bigint): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        'INSERT INTO webhook_cursor (lane_id, batch_no) VALUES (?, 0) ON DUPLICATE KEY UPDATE batch_no = batch_no',
        [laneId],
      );
      const moved = await tx.run('UPDATE webhook_cursor SET batch_no = ? WHERE lane_id = ? AND batch_no = ?', [
        upTo,
        laneId,
        seen,
      ]);
      if (moved !== 1) return; // somebody else has taken them
      await tx.run(
        `INSERT INTO webhook_delivery (endpoint, lane_id, batch_no, n, state, tries, due_at, created_at)
          SELECT w.id, e.lane_id, e.batch_no, e.n, 'new', 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM event e
          JOIN webhook_endpoint w ON w.partner = e.partner AND w.state = 'active'
          WHERE e.lane_id = ? AND e.batch_no > ? AND e.batch_no <= ?`,
        [laneId, seen, upTo],
      );
    });
  }

  async due(limit: number): Promise<DeliveryRow[]> {
    return (await this.db.select(
      `SELECT d.endpoint, d.lane_id, d.batch_no, d.n, d.tries, d.due_at, w.url
        FROM webhook_delivery d FORCE INDEX (webhook_delivery_due) JOIN webhook_endpoint w ON w.id = d.endpoint
        WHERE d.state = 'new' AND d.due_at <= UTC_TIMESTAMP(3) ORDER BY d.due_at LIMIT ?`,
      [limit],
    )) as unknown as DeliveryRow[];
  }

  /** Claim by moving the date. */
  async claim(row: DeliveryRow, next: Date): Promise<boolean> {
    const sql = `UPDATE webhook_delivery SET due_at = ?, tries = tries + 1 WHERE ${KEY} AND state = 'new' AND due_at = ?`;
    return (await this.db.run(sql, [next, ...keyOf(row), row.due_at])) === 1;
  }

  async tried(row: DeliveryRow, result: { status: number | null; note: string; ms: number }): Promise<void> {
    await this.db.run(
      `INSERT INTO webhook_try (endpoint, lane_id, batch_no, n, try_no, status, note, ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))`,
      [...keyOf(row), row.tries + 1, result.status, result.note.slice(0, 200), result.ms],
    );
  }

  async finish(row: DeliveryRow, state: 'sent' | 'failed'): Promise<void> {
    const sql = `UPDATE webhook_delivery SET state = ?, due_at = NULL, ended_at = UTC_TIMESTAMP(3) WHERE ${KEY}`;
    await this.db.run(sql, [state, ...keyOf(row)]);
  }

  async event(row: DeliveryRow): Promise<StoredEvent | undefined> {
    const sql = 'SELECT * FROM event WHERE lane_id = ? AND batch_no = ? AND n = ?';
    return ((await this.db.select(sql, [row.lane_id, row.batch_no, row.n])) as unknown as StoredEvent[])[0];
  }
}

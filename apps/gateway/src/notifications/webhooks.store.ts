import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type { StoredEvent } from './events.store';

/** `superseded`: something newer of the same object goes to the endpoint; the event itself can still be pulled. */
export type DeliveryState = 'new' | 'sent' | 'failed' | 'superseded';

export interface DeliveryRow {
  endpoint: string;
  lane_id: number;
  batch_no: bigint;
  n: number;
  tries: number;
  /** Tries made when it was last put on its way. */
  round_from: number;
  by_hand: number;
  object_key: string;
  sequence: number;
  due_at: Date | null;
}

export interface DueEndpoint {
  id: string;
  url: string;
  failing_since: Date | null;
}

export interface TryResult {
  status: number | null;
  note: string;
  answer: string;
  ms: number;
}

const KEY = 'endpoint = ? AND lane_id = ? AND batch_no = ? AND n = ?';
const keyOf = (row: DeliveryRow): unknown[] => [row.endpoint, row.lane_id, row.batch_no, row.n];

@Injectable()
export class WebhooksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

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
      // An event may be here already: sent by hand before the sweep came to it.
      await tx.run(
        `INSERT INTO webhook_delivery (endpoint, lane_id, batch_no, n, state, tries, due_at, created_at, object_key, sequence)
          SELECT w.id, e.lane_id, e.batch_no, e.n, 'new', 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3),
                 COALESCE(JSON_UNQUOTE(JSON_EXTRACT(e.body, '$.id')), ''), e.sequence
            FROM event e JOIN webhook_endpoint w ON w.partner = e.partner AND w.state = 'active'
           WHERE e.lane_id = ? AND e.batch_no > ? AND e.batch_no <= ?
          ON DUPLICATE KEY UPDATE webhook_delivery.tries = webhook_delivery.tries`,
        [laneId, seen, upTo],
      );
    });
  }

  /** Active endpoints that something waits for; a look into an index each, however much waits for one of them. */
  async dueEndpoints(): Promise<DueEndpoint[]> {
    return (await this.db.select(
      `SELECT w.id, w.url, w.failing_since FROM webhook_endpoint w WHERE w.state = 'active' AND EXISTS (
        SELECT 1 FROM webhook_delivery d WHERE d.endpoint = w.id AND d.state = 'new' AND d.due_at <= UTC_TIMESTAMP(3))`,
    )) as unknown as DueEndpoint[];
  }

  async due(endpoint: string, limit: number): Promise<DeliveryRow[]> {
    return (await this.db.select(
      `SELECT endpoint, lane_id, batch_no, n, tries, round_from, by_hand, object_key, sequence, due_at
        FROM webhook_delivery FORCE INDEX (webhook_delivery_turn)
        WHERE endpoint = ? AND state = 'new' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`,
      [endpoint, limit],
    )) as unknown as DeliveryRow[];
  }

  /** Whether something newer of the same object goes, or went, to the same endpoint. */
  async hasNewer(row: DeliveryRow): Promise<boolean> {
    const rows = await this.db.select(
      `SELECT 1 FROM webhook_delivery FORCE INDEX (webhook_delivery_object)
        WHERE endpoint = ? AND object_key = ? AND sequence > ? LIMIT 1`,
      [row.endpoint, row.object_key, row.sequence],
    );
    return rows.length > 0;
  }

  /** Claims by moving the date, and writes the try before it is made. @returns false when somebody else has it */
  async begin(row: DeliveryRow, leaseUntil: Date): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const sql = `UPDATE webhook_delivery SET due_at = ?, tries = tries + 1 WHERE ${KEY} AND state = 'new' AND due_at = ? AND tries = ?`;
      if ((await tx.run(sql, [leaseUntil, ...keyOf(row), row.due_at, row.tries])) !== 1) return false;
      await tx.run(
        `INSERT INTO webhook_try (endpoint, lane_id, batch_no, n, try_no, note, ms, at) VALUES (?, ?, ?, ?, ?, '', 0, UTC_TIMESTAMP(3))`,
        [...keyOf(row), row.tries + 1],
      );
      return true;
    });
  }

  /** How the try ended and what becomes of the delivery; one that was put on its way anew meanwhile stays so. */
  async end(row: DeliveryRow, result: TryResult, state: DeliveryState, dueAt: Date | null): Promise<void> {
    const tries = row.tries + 1;
    await this.db.transaction(async (tx) => {
      await tx.run(
        `UPDATE webhook_try SET status = ?, note = ?, answer = ?, ms = ?, ended_at = UTC_TIMESTAMP(3) WHERE ${KEY} AND try_no = ?`,
        [result.status, result.note.slice(0, 200), result.answer, result.ms, ...keyOf(row), tries],
      );
      await tx.run(
        `UPDATE webhook_delivery SET state = ?, due_at = ?, by_hand = IF(? = 'new', by_hand, 0),
                ended_at = IF(? = 'new', NULL, UTC_TIMESTAMP(3))
          WHERE ${KEY} AND state = 'new' AND tries = ? AND round_from = ?`,
        [state, dueAt, state, state, ...keyOf(row), tries, row.round_from],
      );
    });
  }

  async supersede(row: DeliveryRow): Promise<void> {
    const sql = `UPDATE webhook_delivery SET state = 'superseded', due_at = NULL, ended_at = UTC_TIMESTAMP(3)
      WHERE ${KEY} AND state = 'new' AND tries = ? AND by_hand = 0`;
    await this.db.run(sql, [...keyOf(row), row.tries]);
  }

  async event(row: DeliveryRow): Promise<StoredEvent | undefined> {
    const sql = 'SELECT * FROM event WHERE lane_id = ? AND batch_no = ? AND n = ?';
    return ((await this.db.select(sql, [row.lane_id, row.batch_no, row.n])) as unknown as StoredEvent[])[0];
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { DB } from '../platform';
import type { DeliveryState } from './webhooks.store';

export interface EventKey {
  lane_id: number;
  batch_no: bigint;
  n: number;
}

export interface TryRow extends EventKey {
  endpoint: string;
  try_no: number;
  status: number | null;
  note: string;
  answer: string;
  ms: number;
  at: Date;
  ended_at: Date | null;
  state: DeliveryState;
  due_at: Date | null;
}

const COLUMNS = `t.endpoint, t.lane_id, t.batch_no, t.n, t.try_no, t.status, t.note, t.answer, t.ms, t.at, t.ended_at,
  d.state, d.due_at`;
const JOINED = `webhook_try t JOIN webhook_delivery d
  ON d.endpoint = t.endpoint AND d.lane_id = t.lane_id AND d.batch_no = t.batch_no AND d.n = t.n`;

/** What was tried, for people; and putting an event on its way again. */
@Injectable()
export class TriesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @param endpoints where the event can have gone: its partner's */
  async of(event: EventKey, endpoints: readonly string[]): Promise<TryRow[]> {
    if (endpoints.length === 0) return [];
    return (await this.db.select(
      `SELECT ${COLUMNS} FROM ${JOINED}
        WHERE t.endpoint IN (?) AND t.lane_id = ? AND t.batch_no = ? AND t.n = ? ORDER BY t.at DESC, t.endpoint, t.try_no DESC LIMIT 1000`,
      [endpoints, event.lane_id, event.batch_no, event.n],
    )) as unknown as TryRow[];
  }

  /** The latest of everybody's, newest first. */
  async latest(filter: { endpoint?: string | undefined; failed: boolean }, limit: number): Promise<TryRow[]> {
    const failed = filter.failed
      ? 'AND t.ended_at IS NOT NULL AND (t.status IS NULL OR t.status NOT BETWEEN 200 AND 299)'
      : '';
    const sql = `SELECT ${COLUMNS} FROM ${JOINED} WHERE (? IS NULL OR t.endpoint = ?) ${failed} ORDER BY t.at DESC LIMIT ?`;
    const endpoint = filter.endpoint ?? null;
    return (await this.db.select(sql, [endpoint, endpoint, limit])) as unknown as TryRow[];
  }

  async resend(event: EventKey, endpoints: readonly string[]): Promise<void> {
    for (const endpoint of endpoints) {
      const { sql, params } = resendStatement(event, endpoint);
      await this.db.run(sql, params);
    }
  }
}

/** Due at once with all its tries, under its old id; not passed over for something newer: somebody wants this one. */
export function resendStatement(event: EventKey, endpoint: string): Statement {
  return {
    sql: `INSERT INTO webhook_delivery (endpoint, lane_id, batch_no, n, state, tries, due_at, created_at, object_key, sequence, by_hand)
      SELECT ?, e.lane_id, e.batch_no, e.n, 'new', 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3),
             COALESCE(JSON_UNQUOTE(JSON_EXTRACT(e.body, '$.id')), ''), e.sequence, 1
        FROM event e WHERE e.lane_id = ? AND e.batch_no = ? AND e.n = ?
      ON DUPLICATE KEY UPDATE state = 'new', due_at = UTC_TIMESTAMP(3), ended_at = NULL,
             round_from = webhook_delivery.tries, by_hand = 1`,
    params: [endpoint, event.lane_id, event.batch_no, event.n],
  };
}

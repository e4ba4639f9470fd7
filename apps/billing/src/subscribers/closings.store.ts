import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';

/** An account whose number closed, until nothing is left on it. */
export interface Closing extends Record<string, unknown> {
  /** Of the change that closed the number. */
  eventId: bigint;
  subscriberId: string;
  branch: string;
  /** Of the closing, in Asia/Shanghai: the day of its postings' keys. */
  day: string;
  /** Counts the looks at the account; each has a posting key of its own. */
  step: number;
  dueAt: Date;
}

@Injectable()
export class ClosingsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, { eventId, subscriberId, branch, day, dueAt }: Omit<Closing, 'step'>): Promise<void> {
    await tx.run(
      'INSERT INTO closing_balance (event_id, subscriber_id, branch, day, step, due_at) VALUES (?, ?, ?, ?, 0, ?)',
      [eventId, subscriberId, branch, day, dueAt],
    );
  }

  due(limit: number): Promise<Closing[]> {
    return this.db.select<Closing>(
      `SELECT event_id AS eventId, subscriber_id AS subscriberId, branch, day, step, due_at AS dueAt
       FROM closing_balance FORCE INDEX (closing_balance_due) WHERE due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`,
      [limit],
    );
  }

  /** Null ends it. Whoever looked at the same time and was faster has moved it already: then nothing happens. */
  async moveOn({ eventId, step }: Closing, dueAt: Date | null): Promise<void> {
    await this.db.run('UPDATE closing_balance SET step = step + 1, due_at = ? WHERE event_id = ? AND step = ?', [
      dueAt,
      eventId,
      step,
    ]);
  }
}

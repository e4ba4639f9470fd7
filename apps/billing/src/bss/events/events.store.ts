import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../../resources/db';

export interface EventRow extends Row {
  branch: string;
  eventId: string;
  body: Buffer;
  tries: number;
  dueAt: Date;
}

/** Events as provinces sent them. */
@Injectable()
export class EventsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Stored before under this id: once is enough, whatever its bytes are now. */
  async keep(branch: string, eventId: string, body: Buffer, digest: string, at: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO bss_event (branch, event_id, body, state, outcome, tries, due_at, received_at, digest)
       VALUES (?, ?, ?, 'new', '', 0, ?, ?, ?) ON DUPLICATE KEY UPDATE event_id = event_id`,
      [branch, eventId, body, at, at, digest],
    );
  }

  due(now: Date, limit: number): Promise<EventRow[]> {
    return this.db.select<EventRow>(
      `SELECT branch, event_id AS eventId, body, tries, due_at AS dueAt FROM bss_event FORCE INDEX (bss_event_due)
       WHERE state = 'new' AND due_at <= ? ORDER BY due_at, event_id LIMIT ?`,
      [now, limit],
    );
  }

  /** Moves the date, which is the lease. */
  async claim(row: EventRow, dueAt: Date): Promise<boolean> {
    const claimed = await this.db.run(
      `UPDATE bss_event SET due_at = ?, tries = tries + 1
       WHERE branch = ? AND event_id = ? AND state = 'new' AND due_at = ?`,
      [dueAt, row.branch, row.eventId, row.dueAt],
    );
    return claimed === 1;
  }

  /** The number and the name go; the digest and what was made of it stay. */
  async done(row: EventRow, outcome: string): Promise<void> {
    await this.db.run(
      `UPDATE bss_event SET state = 'done', outcome = ?, due_at = NULL, body = '' WHERE branch = ? AND event_id = ?`,
      [outcome, row.branch, row.eventId],
    );
  }

  /** Waits for people, with its bytes. */
  async left(row: EventRow, outcome: string): Promise<void> {
    await this.db.run(
      `UPDATE bss_event SET state = 'left', outcome = ?, due_at = NULL WHERE branch = ? AND event_id = ?`,
      [outcome, row.branch, row.eventId],
    );
  }
}

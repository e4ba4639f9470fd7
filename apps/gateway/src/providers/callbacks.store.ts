import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../platform';

export interface CallbackRow {
  provider: string;
  event_id: string;
  body: Buffer;
  tries: number;
  due_at: Date | null;
}

@Injectable()
export class CallbacksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns false when this event is here already: told again, it means nothing new */
  async keep(provider: string, eventId: string, body: Buffer): Promise<boolean> {
    try {
      await this.db.run(
        `INSERT INTO provider_callback (provider, event_id, body, state, note, tries, due_at, received_at)
          VALUES (?, ?, ?, 'new', '', 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
        [provider, eventId, body],
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async due(limit: number): Promise<CallbackRow[]> {
    const sql = `SELECT provider, event_id, body, tries, due_at FROM provider_callback FORCE INDEX (provider_callback_due)
      WHERE state = 'new' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as CallbackRow[];
  }

  async find(provider: string, eventId: string): Promise<CallbackRow | undefined> {
    const sql = `SELECT provider, event_id, body, tries, due_at FROM provider_callback
      WHERE provider = ? AND event_id = ? AND state = 'new'`;
    return ((await this.db.select(sql, [provider, eventId])) as unknown as CallbackRow[])[0];
  }

  async stateOf(provider: string, eventId: string): Promise<'new' | 'done' | 'failed' | null> {
    const sql = 'SELECT state FROM provider_callback WHERE provider = ? AND event_id = ?';
    const rows = await this.db.select<{ state: 'new' | 'done' | 'failed' }>(sql, [provider, eventId]);
    return rows[0]?.state ?? null;
  }

  /** One whose ladder ended, or that could not be applied, is due once more. */
  async revive(provider: string, eventId: string): Promise<CallbackRow | undefined> {
    await this.db.run(
      `UPDATE provider_callback SET state = 'new', due_at = UTC_TIMESTAMP(3)
        WHERE provider = ? AND event_id = ? AND due_at IS NULL AND state <> 'done'`,
      [provider, eventId],
    );
    return this.find(provider, eventId);
  }

  /** Claim by moving the date. */
  async claim(row: CallbackRow, next: Date | null): Promise<boolean> {
    const matched = await this.db.run(
      `UPDATE provider_callback SET due_at = ?, tries = tries + 1
        WHERE provider = ? AND event_id = ? AND state = 'new' AND due_at = ?`,
      [next, row.provider, row.event_id, row.due_at],
    );
    return matched === 1;
  }

  async finish(row: Pick<CallbackRow, 'provider' | 'event_id'>, state: 'done' | 'failed', note: string): Promise<void> {
    await this.db.run(
      `UPDATE provider_callback SET state = ?, note = ?, due_at = NULL WHERE provider = ? AND event_id = ?`,
      [state, note.slice(0, 200), row.provider, row.event_id],
    );
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';

export type WaitState =
  /** Before the provider's hour. */
  | 'not_due'
  /** The provider says: not yet. */
  | 'not_ready'
  /** It could not be asked, or its answer was not understood. */
  | 'unanswered'
  | 'none_today'
  | 'in';

/** How far the waiting for one statement is. */
export interface StatementWait {
  provider: string;
  date: string;
  state: WaitState;
  tries: number;
  nextAt: Date | null;
  deadlineAt: Date;
  /** When it was first said that it is late. */
  lateAt: Date | null;
  detail: string;
}

@Injectable()
export class WaitsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async note(wait: Omit<StatementWait, 'tries' | 'lateAt'>): Promise<void> {
    const { provider, date, state, nextAt, deadlineAt, detail } = wait;
    const tried = state === 'not_due' ? 0 : 1;
    await this.db.run(
      `INSERT INTO statement_wait (provider, date, state, tries, next_at, deadline_at, detail, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, NOW(3))
       ON DUPLICATE KEY UPDATE state = VALUES(state), tries = tries + ?, next_at = VALUES(next_at),
         deadline_at = VALUES(deadline_at), detail = VALUES(detail), updated_at = NOW(3)`,
      [provider, date, state, tried, nextAt, deadlineAt, detail.slice(0, 300), tried],
    );
  }

  async of(date: string): Promise<StatementWait[]> {
    return (await this.db.select('SELECT * FROM statement_wait WHERE date = ? ORDER BY provider', [date])).map(toWait);
  }

  /** Waited for beyond its deadline, and nobody was told yet. By the clock of the database. */
  async late(): Promise<StatementWait[]> {
    const rows = await this.db.select(
      `SELECT * FROM statement_wait WHERE state IN ('not_due', 'not_ready', 'unanswered') AND deadline_at < NOW(3)
         AND late_at IS NULL ORDER BY deadline_at LIMIT 200`,
    );
    return rows.map(toWait);
  }

  /** True for the one who tells it. */
  async markLate({ provider, date }: Pick<StatementWait, 'provider' | 'date'>): Promise<boolean> {
    const marked = await this.db.run(
      'UPDATE statement_wait SET late_at = NOW(3) WHERE provider = ? AND date = ? AND late_at IS NULL',
      [provider, date],
    );
    return marked === 1;
  }
}

function toWait(row: Row): StatementWait {
  return {
    provider: row['provider'] as string,
    date: row['date'] as string,
    state: row['state'] as WaitState,
    tries: row['tries'] as number,
    nextAt: row['next_at'] as Date | null,
    deadlineAt: row['deadline_at'] as Date,
    lateAt: row['late_at'] as Date | null,
    detail: row['detail'] as string,
  };
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { BackfillView } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';

interface BackfillRow extends Row {
  id: string;
  provider: string;
  from_date: string;
  to_date: string;
  at_date: string;
  asked: number;
  state: BackfillView['state'];
  detail: string;
  actor: string;
}

export interface Backfill extends BackfillView {
  /** The night of `at` was asked for. */
  asked: boolean;
}

/** Ranges of nights to be done; an empty provider stands for all. */
@Injectable()
export class BackfillsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The same range under way is not begun twice. */
  async begin(provider: string, from: string, to: string, actor: string): Promise<Backfill> {
    return this.db.transaction(async (tx) => {
      // Where the range is not under way there is no row of it to hold: two at once would both begin.
      await tx.select('SELECT id FROM day_epoch WHERE id = 1 FOR UPDATE');
      const [same] = await tx.select<BackfillRow>(
        `SELECT * FROM backfill WHERE state = 'running' AND provider = ? AND from_date = ? AND to_date = ? FOR UPDATE`,
        [provider, from, to],
      );
      if (same) return toBackfill(same);
      const id = randomUUID();
      await tx.run(
        `INSERT INTO backfill (id, provider, from_date, to_date, at_date, asked, state, detail, actor, created_at)
         VALUES (?, ?, ?, ?, ?, 0, 'running', '', ?, NOW(3))`,
        [id, provider, from, to, from, actor],
      );
      return { ...{ id, provider, from, to, at: from, state: 'running', detail: '', actor }, asked: false };
    });
  }

  async get(id: string): Promise<Backfill | null> {
    const [row] = await this.db.select<BackfillRow>('SELECT * FROM backfill WHERE id = ?', [id]);
    return row ? toBackfill(row) : null;
  }

  async running(): Promise<Backfill[]> {
    const rows = await this.db.select<BackfillRow>(
      "SELECT * FROM backfill WHERE state = 'running' ORDER BY created_at",
    );
    return rows.map(toBackfill);
  }

  /** False: another process has moved it on. */
  async move(backfill: Backfill, to: Pick<Backfill, 'at' | 'asked' | 'state' | 'detail'>): Promise<boolean> {
    const moved = await this.db.run(
      `UPDATE backfill SET at_date = ?, asked = ?, state = ?, detail = ?
       WHERE id = ? AND state = 'running' AND at_date = ? AND asked = ?`,
      [to.at, to.asked ? 1 : 0, to.state, to.detail.slice(0, 300), backfill.id, backfill.at, backfill.asked ? 1 : 0],
    );
    return moved === 1;
  }
}

function toBackfill(row: BackfillRow): Backfill {
  return {
    ...{ id: row.id, provider: row.provider, from: row.from_date, to: row.to_date, at: row.at_date },
    ...{ asked: row.asked === 1, state: row.state, detail: row.detail, actor: row.actor },
  };
}

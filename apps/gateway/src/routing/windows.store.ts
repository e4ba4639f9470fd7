import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../platform';

export interface WindowRow extends Record<string, unknown> {
  id: string;
  provider: string;
  from_at: Date;
  until_at: Date;
  note: string;
  planned_by: string;
  planned_at: Date;
  ended_by: string | null;
  ended_at: Date | null;
}

/** Hours in which a provider is planned to be away. One that is ended early is over then; before it began, it never was. */
@Injectable()
export class WindowsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Those that are not over. */
  coming(now: Date): Promise<WindowRow[]> {
    const sql = `SELECT * FROM maintenance_window WHERE until_at > ? AND (ended_at IS NULL OR ended_at > ?)
      ORDER BY from_at, provider`;
    return this.db.select<WindowRow>(sql, [now, now]);
  }

  async find(id: string): Promise<WindowRow | undefined> {
    return (await this.db.select<WindowRow>('SELECT * FROM maintenance_window WHERE id = ?', [id]))[0];
  }

  /** @returns false when it would overlap another of the provider; the provider's row is held meanwhile */
  plan(row: WindowRow): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      await tx.select('SELECT code FROM provider WHERE code = ? FOR UPDATE', [row.provider]);
      if (await this.overlaps(tx, row)) return false;
      const columns = Object.keys(row);
      await tx.run(`INSERT INTO maintenance_window (${columns.join(', ')}) VALUES (?)`, [Object.values(row)]);
      return true;
    });
  }

  async end(id: string, by: string, at: Date): Promise<boolean> {
    const sql = `UPDATE maintenance_window SET ended_by = ?, ended_at = ?
      WHERE id = ? AND ended_at IS NULL AND until_at > ?`;
    return (await this.db.run(sql, [by, at, id, at])) === 1;
  }

  private async overlaps(tx: Queryable, row: WindowRow): Promise<boolean> {
    const found = await tx.select(
      `SELECT id FROM maintenance_window WHERE provider = ? AND until_at > ? AND from_at < ? AND ended_at IS NULL LIMIT 1`,
      [row.provider, row.from_at, row.until_at],
    );
    return found.length > 0;
  }
}

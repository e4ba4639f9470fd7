import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type { AgreementRow } from './agreements.store';

export type AgreementBreakClass = 'only_there' | 'only_here' | 'ended_one_side' | 'other_account';

export interface AgreementBreakRow {
  id: string;
  provider: string;
  file_date: string;
  class: AgreementBreakClass;
  /** As the provider numbers it. */
  agreement_no: string;
  agreement_id: string | null;
  detail: string;
  state: 'open' | 'resolved';
  resolution: string | null;
  resolved_by: string | null;
  reason: string | null;
  created_at: Date;
  resolved_at: Date | null;
}

export interface AgreementRunRow {
  provider: string;
  file_date: string;
  sha256: string;
  agrees: number;
  theirs: number;
  ours: number;
  found: number;
  unreadable: number;
  created_at: Date;
}

const PAGE = 2_000;

@Injectable()
export class AgreementRunsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Everything that was ever signed at a provider, page by page: also what has ended, to find what has not ended there. */
  async *ours(provider: string): AsyncGenerator<AgreementRow> {
    for (let after = ''; ;) {
      const rows = (await this.db.select(
        'SELECT * FROM agreement FORCE INDEX (PRIMARY) WHERE provider = ? AND id > ? AND ref_sealed IS NOT NULL ORDER BY id LIMIT ?',
        [provider, after, PAGE],
      )) as unknown as AgreementRow[];
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.id;
    }
  }

  /** A difference that stands is found again each day: it is one break, as old as its first day. */
  async keep(run: AgreementRunRow, breaks: readonly AgreementBreakRow[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO agreement_run (${Object.keys(run).join(', ')}) VALUES (?)
          ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256), agrees = VALUES(agrees), theirs = VALUES(theirs),
            ours = VALUES(ours), found = VALUES(found), unreadable = VALUES(unreadable)`,
        [Object.values(run)],
      );
      for (const row of breaks)
        await tx.run(`INSERT IGNORE INTO agreement_break (${Object.keys(row).join(', ')}) VALUES (?)`, [
          Object.values(row),
        ]);
    });
  }

  async lastRun(provider: string): Promise<AgreementRunRow | undefined> {
    const sql = 'SELECT * FROM agreement_run WHERE provider = ? ORDER BY file_date DESC LIMIT 1';
    return ((await this.db.select(sql, [provider])) as unknown as AgreementRunRow[])[0];
  }

  async runs(limit: number): Promise<AgreementRunRow[]> {
    const sql = 'SELECT * FROM agreement_run ORDER BY file_date DESC, provider LIMIT ?';
    return (await this.db.select(sql, [limit])) as unknown as AgreementRunRow[];
  }

  async find(id: string): Promise<AgreementBreakRow | undefined> {
    const sql = 'SELECT * FROM agreement_break WHERE id = ?';
    return ((await this.db.select(sql, [id])) as unknown as AgreementBreakRow[])[0];
  }

  async open(limit: number): Promise<AgreementBreakRow[]> {
    const sql = "SELECT * FROM agreement_break WHERE state = 'open' ORDER BY created_at, id LIMIT ?";
    return (await this.db.select(sql, [limit])) as unknown as AgreementBreakRow[];
  }

  /** @returns whether it was open */
  async resolve(id: string, resolution: string, by: string, reason: string): Promise<boolean> {
    const sql = `UPDATE agreement_break SET state = 'resolved', resolution = ?, resolved_by = ?, reason = ?,
      resolved_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'open'`;
    return (await this.db.run(sql, [resolution, by, reason, id])) === 1;
  }
}

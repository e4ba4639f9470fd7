import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
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

/** With whose agreement it is, where we have one. */
export interface OpenAgreementBreak extends AgreementBreakRow {
  branch: string | null;
  agreement_state: AgreementRow['state'] | null;
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
/** A later list shows it no more. */
const GONE = 'gone';

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

  /**
   * A difference that stands is found again each day: it is one break, as old as its first day. What a whole list shows no
   * more is over, unless debits still rest for it: they are released by people.
   */
  async keep(run: AgreementRunRow, breaks: readonly AgreementBreakRow[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO agreement_run (${Object.keys(run).join(', ')}) VALUES (?)
          ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256), agrees = VALUES(agrees), theirs = VALUES(theirs),
            ours = VALUES(ours), found = VALUES(found), unreadable = VALUES(unreadable)`,
        [Object.values(run)],
      );
      for (const row of breaks)
        await tx.run(
          `INSERT INTO agreement_break (${Object.keys(row).join(', ')}) VALUES (?)
            ON DUPLICATE KEY UPDATE state = IF(resolution = ?, 'open', state), resolution = IF(resolution = ?, NULL, resolution)`,
          [Object.values(row), GONE, GONE],
        );
      if (run.agrees === 1) await this.over(tx, run, breaks);
    });
  }

  private async over(tx: Queryable, run: AgreementRunRow, breaks: readonly AgreementBreakRow[]): Promise<void> {
    await tx.run(
      `UPDATE agreement_break b LEFT JOIN agreement a ON a.id = b.agreement_id
        SET b.state = 'resolved', b.resolution = ?, b.resolved_by = 'system', b.reason = ?, b.resolved_at = UTC_TIMESTAMP(3)
        WHERE b.provider = ? AND b.state = 'open' AND b.file_date <= ? AND b.id NOT IN (?)
          AND (a.id IS NULL OR a.state <> 'frozen' OR a.frozen_by <> 'bank_file')`,
      [GONE, `the list of ${run.file_date}`, run.provider, run.file_date, ['', ...breaks.map(({ id }) => id)]],
    );
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

  /** Of one provider, in the order of their ids. */
  async openOf(provider: string, after: string, limit: number): Promise<OpenAgreementBreak[]> {
    const sql = `SELECT b.*, a.branch, a.state AS agreement_state FROM agreement_break b
      LEFT JOIN agreement a ON a.id = b.agreement_id
      WHERE b.state = 'open' AND b.provider = ? AND b.id > ? ORDER BY b.id LIMIT ?`;
    return (await this.db.select(sql, [provider, after, limit])) as unknown as OpenAgreementBreak[];
  }

  /** @returns whether it was open */
  async resolve(id: string, resolution: string, by: string, reason: string): Promise<boolean> {
    const sql = `UPDATE agreement_break SET state = 'resolved', resolution = ?, resolved_by = ?, reason = ?,
      resolved_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'open'`;
    return (await this.db.run(sql, [resolution, by, reason, id])) === 1;
  }
}

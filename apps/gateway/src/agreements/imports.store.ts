import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../platform';
import { insertRow, type AgreementRow } from './agreements.store';

export interface ImportRow {
  id: string;
  provider: string;
  branch: string;
  sha256: string;
  line_count: number;
  made_by: string;
  created_at: Date;
}

export interface ImportLineRow {
  import_id: string;
  line_no: number;
  state: 'waiting' | 'confirmed' | 'refused' | 'unreadable';
  code: string;
  agreement_id: string | null;
  raw_sealed: string;
  account_tail: string | null;
  updated_at: Date;
}

@Injectable()
export class ImportsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns the import of this very file that stood already, else this one */
  async begin(row: ImportRow): Promise<ImportRow> {
    const sql = 'SELECT * FROM agreement_import WHERE provider = ? AND branch = ? AND sha256 = ?';
    try {
      await this.db.run(`INSERT INTO agreement_import (${Object.keys(row).join(', ')}) VALUES (?)`, [
        Object.values(row),
      ]);
      return row;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const [stands] = await this.db.select(sql, [row.provider, row.branch, row.sha256]);
      return stands as unknown as ImportRow;
    }
  }

  async find(id: string): Promise<ImportRow | undefined> {
    return ((await this.db.select('SELECT * FROM agreement_import WHERE id = ?', [id])) as unknown as ImportRow[])[0];
  }

  /** A line and its agreement, together and once. */
  async addLine(line: ImportLineRow, agreement: AgreementRow | null): Promise<void> {
    try {
      await this.db.transaction(async (tx) => {
        await tx.run(`INSERT INTO agreement_import_line (${Object.keys(line).join(', ')}) VALUES (?)`, [
          Object.values(line),
        ]);
        if (!agreement) return;
        const { sql, params } = insertRow('agreement', agreement);
        await tx.run(sql, params);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // begun before and cut off: the line is there
    }
  }

  /** What the bank has said by now: lines follow their agreements. */
  async follow(id: string): Promise<void> {
    await this.db.run(
      `UPDATE agreement_import_line l JOIN agreement a ON a.id = l.agreement_id
        LEFT JOIN agreement_move m ON m.object_id = a.id AND m.from_state = 'pending' AND m.to_state = 'ended'
        SET l.state = IF(m.object_id IS NULL, 'confirmed', 'refused'), l.code = LEFT(COALESCE(m.evidence, ''), 40),
            l.updated_at = UTC_TIMESTAMP(3)
        WHERE l.import_id = ? AND l.state = 'waiting' AND a.state <> 'pending'`,
      [id],
    );
  }

  async counts(id: string): Promise<{ state: ImportLineRow['state']; n: number }[]> {
    const rows = await this.db.select<{ state: ImportLineRow['state']; n: bigint }>(
      'SELECT state, COUNT(*) AS n FROM agreement_import_line WHERE import_id = ? GROUP BY state',
      [id],
    );
    return rows.map(({ state, n }) => ({ state, n: Number(n) }));
  }

  /** Lines that did not become agreements. */
  async refused(id: string, limit: number): Promise<ImportLineRow[]> {
    const sql = `SELECT * FROM agreement_import_line WHERE import_id = ? AND state IN ('refused', 'unreadable')
      ORDER BY line_no LIMIT ?`;
    return (await this.db.select(sql, [id, limit])) as unknown as ImportLineRow[];
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { NumberingKind, NumberingRow, NumberingVersion } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';

export interface VersionRow extends Record<string, unknown> {
  id: number;
  kind: NumberingKind;
  format: string;
  sha256: string;
  fileName: string;
  from: string;
  wholeTable: number;
  actor: string;
  state: NumberingVersion['state'];
  total: number;
  received: number;
  applied: number;
  /** The last prefix or number that was carried out. */
  appliedTo: string;
  opened: number;
  closed: number;
  skipped: number;
  badLines: number;
  /** JSON text. */
  findings: string;
  createdAt: Date;
  appliedAt: Date | null;
}

/** What one slice did. */
export interface Slice {
  to: string;
  rows: number;
  opened: number;
  closed: number;
  skipped: number;
}

const COLUMNS = `id, kind, format, sha256, file_name AS fileName, valid_from AS \`from\`, whole_table AS wholeTable, actor,
  state, total, received, applied, applied_to AS appliedTo, opened, closed, skipped, bad_lines AS badLines, findings,
  created_at AS createdAt, applied_at AS appliedAt`;

/** Versions, and the rows of the one that is being taken in. */
@Injectable()
export class VersionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Locked until the end of the transaction it is read in. */
  async find(id: number, tx?: Queryable): Promise<VersionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM numbering_version WHERE id = ? ${tx ? 'FOR UPDATE' : ''}`;
    return (await (tx ?? this.db).select<VersionRow>(sql, [id]))[0];
  }

  async ofFile(kind: NumberingKind, sha256: string, from: string): Promise<VersionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM numbering_version WHERE kind = ? AND sha256 = ? AND valid_from = ?`;
    return (await this.db.select<VersionRow>(sql, [kind, sha256, from]))[0];
  }

  latest(limit: number): Promise<VersionRow[]> {
    return this.db.select<VersionRow>(`SELECT ${COLUMNS} FROM numbering_version ORDER BY id DESC LIMIT ?`, [limit]);
  }

  /** The youngest first day of a version that is or will be in force; null when there is none. */
  async newestDay(kind: NumberingKind): Promise<{ id: number; from: string } | undefined> {
    const sql = `SELECT id, valid_from AS \`from\` FROM numbering_version
      WHERE kind = ? AND state IN ('applying', 'applied') ORDER BY valid_from DESC, id DESC LIMIT 1`;
    return (await this.db.select<{ id: number; from: string }>(sql, [kind]))[0];
  }

  /** Two that begin at once meet a unique key (1062): by the file, or by the number of the version. */
  async insert(tx: Queryable, row: Omit<VersionRow, 'id'>): Promise<void> {
    await tx.run(
      `INSERT INTO numbering_version (id, kind, format, sha256, file_name, valid_from, whole_table, actor, state, total,
        received, applied, applied_to, opened, closed, skipped, bad_lines, findings, created_at, applied_at)
       SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, 'open', ?, 0, 0, '', 0, 0, 0, ?, ?, ?, NULL
       FROM numbering_version`,
      [
        row.kind,
        row.format,
        row.sha256,
        row.fileName,
        row.from,
        row.wholeTable,
        row.actor,
        row.total,
        row.badLines,
        row.findings,
        row.createdAt,
      ],
    );
  }

  /** False: these rows are here already, or some before them are missing. */
  async count(tx: Queryable, id: number, offset: number, rows: number): Promise<boolean> {
    const sql = `UPDATE numbering_version SET received = received + ?
      WHERE id = ? AND state = 'open' AND received = ? AND received + ? <= total`;
    return (await tx.run(sql, [rows, id, offset, rows])) === 1;
  }

  /** Two rows about one prefix on one day meet the primary key (1062). */
  async keep(tx: Queryable, version: VersionRow, rows: readonly NumberingRow[]): Promise<void> {
    await tx.run('INSERT INTO numbering_row (version, id, branch, carrier, valid_from, valid_to) VALUES ?', [
      rows.map(([id, branch, carrier, from, until]) => [version.id, id, branch, carrier, from ?? version.from, until]),
    ]);
  }

  async refuse(id: number, findings: string): Promise<void> {
    const sql = "UPDATE numbering_version SET state = 'refused', findings = ? WHERE id = ? AND state = 'open'";
    await this.db.run(sql, [findings, id]);
    await this.db.run('DELETE FROM numbering_row WHERE version = ?', [id]);
  }

  /** False: rows are missing, or another has begun. */
  async beginApplying(id: number): Promise<boolean> {
    const sql = "UPDATE numbering_version SET state = 'applying' WHERE id = ? AND state = 'open' AND received = total";
    return (await this.db.run(sql, [id])) === 1;
  }

  /** The last prefix or number of the next slice; undefined when nothing is left. */
  async sliceEnd(tx: Queryable, { id, appliedTo }: VersionRow, size: number): Promise<string | undefined> {
    const full = await tx.select<{ id: string }>(
      'SELECT id FROM numbering_row FORCE INDEX (PRIMARY) WHERE version = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?',
      [id, appliedTo, size - 1],
    );
    if (full[0]) return full[0].id;
    const last = await tx.select<{ id: string | null }>(
      'SELECT MAX(id) AS id FROM numbering_row FORCE INDEX (PRIMARY) WHERE version = ? AND id > ?',
      [id, appliedTo],
    );
    return last[0]?.id ?? undefined;
  }

  async countRows(tx: Queryable, id: number, from: string, to: string): Promise<number> {
    const rows = await tx.select<{ n: bigint }>(
      'SELECT COUNT(*) AS n FROM numbering_row FORCE INDEX (PRIMARY) WHERE version = ? AND id > ? AND id <= ?',
      [id, from, to],
    );
    return Number(rows[0]?.n ?? 0n);
  }

  /** In the transaction of the slice; false: somebody else has carried it out. */
  async moveOn(tx: Queryable, { id, appliedTo }: VersionRow, slice: Slice): Promise<boolean> {
    const matched = await tx.run(
      `UPDATE numbering_version SET applied_to = ?, applied = applied + ?, opened = opened + ?, closed = closed + ?,
        skipped = skipped + ? WHERE id = ? AND state = 'applying' AND applied_to = ?`,
      [slice.to, slice.rows, slice.opened, slice.closed, slice.skipped, id, appliedTo],
    );
    await tx.run('DELETE FROM numbering_row WHERE version = ? AND id > ? AND id <= ?', [id, appliedTo, slice.to]);
    return matched === 1;
  }

  async finish(tx: Queryable, id: number, closed: number, at: Date): Promise<void> {
    const sql = `UPDATE numbering_version SET state = 'applied', closed = closed + ?, applied_at = ?
      WHERE id = ? AND state = 'applying'`;
    await tx.run(sql, [closed, at, id]);
  }
}

export const versionView = (row: VersionRow): NumberingVersion => ({
  version: row.id,
  kind: row.kind,
  format: row.format,
  sha256: row.sha256,
  fileName: row.fileName,
  from: row.from,
  wholeTable: row.wholeTable === 1,
  actor: row.actor,
  state: row.state,
  total: row.total,
  received: row.received,
  applied: row.applied,
  opened: row.opened,
  closed: row.closed,
  skipped: row.skipped,
  badLines: row.badLines,
  findings: JSON.parse(row.findings) as string[],
  createdAt: row.createdAt.toISOString(),
  appliedAt: row.appliedAt?.toISOString() ?? null,
});

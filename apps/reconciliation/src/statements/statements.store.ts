import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import { readTotals, writeTotals, type StatementTotals } from './statement-totals';
import { readDifference, writeDifference, type VersionDifference } from './version-difference';

export interface StatementFile {
  provider: string;
  date: string;
  /** 1 for the first file of a date; a replaced file counts on. */
  version: number;
  /** `accepted`: read, or accepted by two people though its totals do not agree. */
  state: 'fetched' | 'none_today' | 'held' | 'accepted' | 'superseded';
  fileName: string;
  sha256: string;
  archivePath: string;
  bytes: number;
  source: 'fetched' | 'uploaded';
  /** Who uploaded it; '' where nobody did. */
  actor: string;
  /** It came after the provider's deadline. */
  late: boolean;
  /** Name of the format once it is read, '' before and where none fits. */
  format: string;
  totals: StatementTotals | null;
  findings: string[];
  /** Against the version before; null for a first version and until it is read. */
  difference: VersionDifference | null;
  fetchedAt: Date;
}

export type NewFile = Pick<StatementFile, 'provider' | 'date' | 'fileName' | 'sha256' | 'archivePath'> & {
  state: 'fetched' | 'none_today';
} & Partial<Pick<StatementFile, 'bytes' | 'source' | 'actor' | 'late'>>;

/** `already_have`: these very bytes are a version of this date, current or superseded; nothing was written. */
export interface Kept {
  outcome: 'stored' | 'already_have';
  version: number;
}

type Place = Pick<StatementFile, 'provider' | 'date' | 'version'>;

/** What an empty statement hashes to: no bytes. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

@Injectable()
export class StatementsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Latest version; older ones are superseded and kept. */
  async current(provider: string, date: string): Promise<StatementFile | null> {
    const [row] = await this.db.select(
      'SELECT * FROM statement_file WHERE provider = ? AND date = ? ORDER BY version DESC LIMIT 1',
      [provider, date],
    );
    return row ? toFile(row) : null;
  }

  /** The version that a run of that day stands on; undefined: there is no such run, null: it stands on none. */
  async ofRun(provider: string, date: string, runId: string): Promise<StatementFile | null | undefined> {
    const [row] = await this.db.select(
      `SELECT r.run_id, f.* FROM run r LEFT JOIN statement_file f
         ON f.provider = r.provider AND f.date = r.date AND f.version = r.statement_version
       WHERE r.run_id = ? AND r.provider = ? AND r.date = ?`,
      [runId, provider, date],
    );
    if (!row) return undefined;
    return row['sha256'] === null ? null : toFile(row);
  }

  /** Every version of a date, newest first; of one provider or of all. */
  async versions(date: string, provider?: string): Promise<StatementFile[]> {
    const rows = await this.db.select(
      `SELECT * FROM statement_file WHERE date = ? ${provider === undefined ? '' : 'AND provider = ?'}
       ORDER BY provider, version DESC LIMIT 1000`,
      provider === undefined ? [date] : [date, provider],
    );
    return rows.map(toFile);
  }

  /** The latest version before this one that has bytes: what a replacement is compared with. */
  async before({ provider, date, version }: Place): Promise<StatementFile | null> {
    const [row] = await this.db.select(
      `SELECT * FROM statement_file WHERE provider = ? AND date = ? AND version < ? AND archive_path <> ''
       ORDER BY version DESC LIMIT 1`,
      [provider, date, version],
    );
    return row ? toFile(row) : null;
  }

  /**
   * A new version supersedes the one before. The same bytes again, also those of an older version, are no new version: a
   * provider that serves its first file for ever would otherwise undo what came after it.
   */
  add(file: NewFile): Promise<Kept> {
    const { provider, date } = file;
    return this.db.transaction(async (tx) => {
      const known = await tx.select<{ version: number; sha256: string; archive_path: string }>(
        `SELECT version, sha256, archive_path FROM statement_file WHERE provider = ? AND date = ?
         ORDER BY version DESC FOR UPDATE`,
        [provider, date],
      );
      const same = known.find(
        (row) => row.sha256 === file.sha256 && (row.archive_path === '') === (file.archivePath === ''),
      );
      if (same) return { outcome: 'already_have', version: same.version };
      const version = (known[0]?.version ?? 0) + 1;
      await tx.run("UPDATE statement_file SET state = 'superseded' WHERE provider = ? AND date = ?", [provider, date]);
      await tx.run(
        `INSERT INTO statement_file (provider, date, version, state, file_name, sha256, archive_path, bytes, source,
           actor, late, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3))`,
        [
          ...[provider, date, version, file.state, file.fileName.slice(0, 200), file.sha256, file.archivePath],
          ...[file.bytes ?? 0, file.source ?? 'fetched', file.actor ?? '', file.late ? 1 : 0],
        ],
      );
      return { outcome: 'stored', version };
    });
  }

  /** Two people take the file although it does not agree with itself: the very file they saw, not one that came since. */
  async accept(provider: string, date: string, sha256?: string): Promise<void> {
    await this.db.run(
      `UPDATE statement_file SET state = 'accepted' WHERE provider = ? AND date = ? AND state = 'held'
       ${sha256 === undefined ? '' : 'AND sha256 = ?'}`,
      sha256 === undefined ? [provider, date] : [provider, date, sha256],
    );
  }

  async parsed(
    file: Place,
    state: 'held' | 'accepted' | 'none_today',
    read: { totals: StatementTotals; findings: readonly string[]; format: string },
  ): Promise<void> {
    await this.db.run(
      `UPDATE statement_file SET state = ?, totals = ?, findings = ?, format = ?
       WHERE provider = ? AND date = ? AND version = ? AND state <> 'superseded'`,
      [
        ...[state, writeTotals(read.totals), JSON.stringify(read.findings), read.format],
        ...[file.provider, file.date, file.version],
      ],
    );
  }

  async compared(file: Place, difference: VersionDifference): Promise<void> {
    await this.db.run('UPDATE statement_file SET difference = ? WHERE provider = ? AND date = ? AND version = ?', [
      ...[writeDifference(difference), file.provider, file.date, file.version],
    ]);
  }
}

function toFile(row: Row): StatementFile {
  const text = (column: string) => row[column] as string;
  const json = <T>(column: string, read: (text: string) => T): T | null =>
    row[column] === null ? null : read(text(column));
  return {
    provider: text('provider'),
    date: text('date'),
    version: row['version'] as number,
    state: row['state'] as StatementFile['state'],
    fileName: text('file_name'),
    sha256: text('sha256'),
    archivePath: text('archive_path'),
    bytes: Number(row['bytes']),
    source: row['source'] as StatementFile['source'],
    actor: text('actor'),
    late: row['late'] === 1,
    format: text('format'),
    totals: json('totals', readTotals),
    findings: json('findings', (found) => JSON.parse(found) as string[]) ?? [],
    difference: json('difference', readDifference),
    fetchedAt: row['fetched_at'] as Date,
  };
}

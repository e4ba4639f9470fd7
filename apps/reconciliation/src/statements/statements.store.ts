import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { StatementTotals } from './statement';

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
  totals: StatementTotals | null;
  findings: string[];
}

type NewFile = Pick<StatementFile, 'provider' | 'date' | 'state' | 'fileName' | 'sha256' | 'archivePath'>;

/** What an empty statement hashes to: no bytes. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

@Injectable()
export class StatementsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Latest version; older ones are superseded and kept. */
  async current(provider: string, date: string): Promise<StatementFile | null> {
    const [row] = await this.db.select<{
      version: number;
      state: StatementFile['state'];
      file_name: string;
      sha256: string;
      archive_path: string;
      totals: string | null;
      findings: string | null;
    }>('SELECT * FROM statement_file WHERE provider = ? AND date = ? ORDER BY version DESC LIMIT 1', [provider, date]);
    if (!row) return null;
    return {
      provider,
      date,
      version: row.version,
      state: row.state,
      fileName: row.file_name,
      sha256: row.sha256,
      archivePath: row.archive_path,
      totals: row.totals === null ? null : readTotals(row.totals),
      findings: row.findings === null ? [] : (JSON.parse(row.findings) as string[]),
    };
  }

  /** The same bytes again are no new version. */
  add(file: NewFile): Promise<void> {
    return this.db.transaction(async (tx) => {
      const [last] = await tx.select<{ version: number; sha256: string; state: string }>(
        'SELECT version, sha256, state FROM statement_file WHERE provider = ? AND date = ? ORDER BY version DESC LIMIT 1 FOR UPDATE',
        [file.provider, file.date],
      );
      if (last?.sha256 === file.sha256) return;
      if (last)
        await tx.run("UPDATE statement_file SET state = 'superseded' WHERE provider = ? AND date = ? AND version = ?", [
          file.provider,
          file.date,
          last.version,
        ]);
      await tx.run(
        `INSERT INTO statement_file (provider, date, version, state, file_name, sha256, archive_path, fetched_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, NOW(3))`,
        [
          ...[file.provider, file.date, (last?.version ?? 0) + 1, file.state],
          ...[file.fileName, file.sha256, file.archivePath],
        ],
      );
    });
  }

  /** Two people take the file although its totals do not agree. */
  async accept(provider: string, date: string): Promise<void> {
    await this.db.run(
      "UPDATE statement_file SET state = 'accepted' WHERE provider = ? AND date = ? AND state = 'held'",
      [provider, date],
    );
  }

  async parsed(
    file: Pick<StatementFile, 'provider' | 'date' | 'version'>,
    state: 'held' | 'accepted' | 'none_today',
    totals: StatementTotals,
    findings: readonly string[],
  ): Promise<void> {
    await this.db.run(
      `UPDATE statement_file SET state = ?, totals = ?, findings = ?
       WHERE provider = ? AND date = ? AND version = ? AND state <> 'superseded'`,
      [state, writeTotals(totals), JSON.stringify(findings), file.provider, file.date, file.version],
    );
  }
}

const AMOUNTS = ['payments', 'returns', 'fees', 'unread', 'unreadFees'] as const;

/** Amounts are digit strings in the row: JSON has no number that could hold them all. */
function writeTotals(totals: StatementTotals): string {
  return JSON.stringify(totals, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

function readTotals(text: string): StatementTotals {
  const raw = JSON.parse(text) as Record<string, string | number>;
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, BigInt(raw[name] ?? '0')]));
  return { ...raw, ...amounts } as unknown as StatementTotals;
}

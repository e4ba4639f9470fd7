import { Inject, Injectable } from '@nestjs/common';
import type { CreditDifference, CreditFileKind } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../../resources/db';
import type { CreditFinding } from './credit-file-format';

/** One version of one province's file of a date. wanted: to be fetched; not_ready: they have none yet. */
export interface KeptFile {
  branch: string;
  date: string;
  version: number;
  state: 'wanted' | 'not_ready' | 'none_today' | 'ready';
  path: string;
  sha256: string;
  lines: number;
  /** Minor units. */
  amount: bigint;
  agrees: boolean;
  settled: number;
}
export interface CreditFileRow extends KeptFile, Row {
  tries: number;
  dueAt: Date | null;
}

export interface Difference {
  class: CreditDifference['class'];
  kind: CreditFileKind;
  reference: string;
  ourState: string | null;
  ourAmount: bigint | null;
  theirAmount: bigint | null;
}

const COLUMNS = `branch, book_date AS date, version, state, path, sha256, line_count AS \`lines\`, amount, agrees, settled, tries,
  due_at AS dueAt`;
/** A file that is wrong as a whole says so in its first lines. */
const MOST_FINDINGS = 1_000;
const ROWS_AT_ONCE = 500;

@Injectable()
export class CreditFilesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async latest(branch: string, date: string): Promise<CreditFileRow | undefined> {
    return (await this.rows('WHERE branch = ? AND book_date = ? ORDER BY version DESC LIMIT 1', [branch, date]))[0];
  }

  /** From now on it is fetched until it is there; already known: left as it is. */
  async want(branch: string, date: string, at: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO bss_credit_file (branch, book_date, version, state, path, sha256, line_count, amount, agrees, settled,
         tries, due_at, fetched_at) VALUES (?, ?, 1, 'wanted', '', '', 0, 0, 0, 0, 0, ?, ?)
       ON DUPLICATE KEY UPDATE branch = branch`,
      [branch, date, at, at],
    );
  }

  due(now: Date): Promise<CreditFileRow[]> {
    return this.rows('WHERE due_at <= ? ORDER BY due_at LIMIT 50', [now]);
  }

  /** Moves the date, which is the lease. */
  async claim(row: CreditFileRow, dueAt: Date): Promise<boolean> {
    const claimed = await this.db.run(
      `UPDATE bss_credit_file SET due_at = ?, tries = tries + 1
       WHERE branch = ? AND book_date = ? AND version = ? AND due_at = ?`,
      [dueAt, row.branch, row.date, row.version, row.dueAt],
    );
    return claimed === 1;
  }

  async notReady(branch: string, date: string): Promise<void> {
    await this.db.run(
      `UPDATE bss_credit_file SET state = 'not_ready' WHERE branch = ? AND book_date = ? AND state = 'wanted'`,
      [branch, date],
    );
  }

  /** The file with everything it says, or nothing of it. A version once ready is never written again. */
  async keep(
    file: KeptFile,
    findings: readonly CreditFinding[],
    differences: readonly Difference[],
    at: Date,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO bss_credit_file (branch, book_date, version, state, path, sha256, line_count, amount, agrees, settled,
           tries, due_at, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, ?)
         ON DUPLICATE KEY UPDATE state = VALUES(state), path = VALUES(path), sha256 = VALUES(sha256),
           line_count = VALUES(line_count), amount = VALUES(amount), agrees = VALUES(agrees),
           settled = VALUES(settled), due_at = NULL, fetched_at = VALUES(fetched_at)`,
        [
          file.branch,
          file.date,
          file.version,
          file.state,
          file.path,
          file.sha256,
          file.lines,
          file.amount,
          file.agrees ? 1 : 0,
          file.settled,
          at,
        ],
      );
      await this.insertFindings(tx, file, findings.slice(0, MOST_FINDINGS));
      await this.insertDifferences(tx, file, differences);
    });
  }

  async findings(row: CreditFileRow): Promise<{ line: number; reason: string }[]> {
    return this.db.select(
      `SELECT line_no AS line, reason FROM bss_finding WHERE branch = ? AND book_date = ? AND version = ?
       ORDER BY line_no LIMIT ?`,
      [row.branch, row.date, row.version, MOST_FINDINGS],
    );
  }

  /** By number, from 1 on. */
  async differences(row: CreditFileRow, after: number, limit: number): Promise<(Difference & Row)[]> {
    return this.db.select(
      `SELECT class, kind, ref_no AS reference, our_state AS ourState, our_amount AS ourAmount,
         their_amount AS theirAmount
       FROM bss_difference WHERE branch = ? AND book_date = ? AND version = ? AND n > ? ORDER BY n LIMIT ?`,
      [row.branch, row.date, row.version, after, limit],
    );
  }

  private async insertFindings(
    tx: Queryable,
    { branch, date, version }: KeptFile,
    findings: readonly CreditFinding[],
  ): Promise<void> {
    for (const part of parts(findings))
      await tx.run('INSERT INTO bss_finding (branch, book_date, version, line_no, reason, raw) VALUES ?', [
        part.map(({ fileLine, reason, raw }) => [branch, date, version, fileLine, reason, raw]),
      ]);
  }

  private async insertDifferences(
    tx: Queryable,
    { branch, date, version }: KeptFile,
    differences: readonly Difference[],
  ): Promise<void> {
    let n = 0;
    for (const part of parts(differences))
      await tx.run(
        `INSERT INTO bss_difference (branch, book_date, version, n, class, kind, ref_no, our_state, our_amount, their_amount)
         VALUES ?`,
        [
          part.map((one) => [
            branch,
            date,
            version,
            ++n,
            one.class,
            one.kind,
            one.reference,
            one.ourState,
            one.ourAmount,
            one.theirAmount,
          ]),
        ],
      );
  }

  private async rows(tail: string, params: readonly unknown[]): Promise<CreditFileRow[]> {
    const rows = await this.db.select<CreditFileRow & { agrees: unknown }>(
      `SELECT ${COLUMNS} FROM bss_credit_file ${tail}`,
      params,
    );
    return rows.map((row) => ({ ...row, agrees: Boolean(row.agrees) }));
  }
}

function* parts<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}

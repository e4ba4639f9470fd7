import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';

/** wanted: the province's file is not there yet, and our record of its credits is provisional. */
export interface CreditRun {
  branch: string;
  date: string;
  state: 'wanted' | 'ready' | 'none_today';
  version: number;
  sha256: string;
  lines: number;
  agrees: boolean;
  amount: bigint;
  ours: bigint;
  /** JSON: named parts of the bridge. */
  parts: string;
  residual: bigint;
  found: number;
  numbersAsked: number;
  numbersUnanswered: number;
  /** When it was last compared, or wanted. */
  updatedAt: Date;
}

const COLUMNS = `branch, date, state, version, sha256, line_count AS \`lines\`, agrees, amount, ours, parts, residual, found,
  numbers_asked AS numbersAsked, numbers_unanswered AS numbersUnanswered,
  updated_at AS updatedAt`;

@Injectable()
export class CreditRunsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** From now on it is asked for until it is there. */
  async want(branch: string, date: string): Promise<void> {
    await this.db.run(
      `INSERT INTO credit_run (branch, date, state, version, sha256, line_count, agrees, amount, ours, parts, residual, found,
         numbers_asked, numbers_unanswered, updated_at) VALUES (?, ?, 'wanted', 0, '', 0, 0, 0, 0, '[]', 0, 0, 0, 0, NOW(3))
       ON DUPLICATE KEY UPDATE branch = branch`,
      [branch, date],
    );
  }

  wanted(from: string): Promise<CreditRun[]> {
    return this.rows("WHERE state = 'wanted' AND date >= ? ORDER BY date, branch", [from]);
  }

  between(from: string, to: string, branch?: string): Promise<CreditRun[]> {
    const only = branch === undefined ? '' : 'AND branch = ?';
    const params = branch === undefined ? [from, to] : [from, to, branch];
    return this.rows(`WHERE date BETWEEN ? AND ? ${only} ORDER BY date DESC, branch`, params);
  }

  async keep(tx: Queryable, run: CreditRun): Promise<void> {
    const { branch, date } = run;
    const set = {
      ...{ state: run.state, version: run.version, sha256: run.sha256, line_count: run.lines },
      ...{ agrees: run.agrees ? 1 : 0, amount: run.amount, ours: run.ours, parts: run.parts, residual: run.residual },
      ...{ found: run.found, numbers_asked: run.numbersAsked, numbers_unanswered: run.numbersUnanswered },
      updated_at: run.updatedAt,
    };
    const names = Object.keys(set);
    await tx.run(
      `UPDATE credit_run SET ${names.map((name) => `${name} = ?`).join(', ')}
       WHERE branch = ? AND date = ?`,
      [...Object.values(set), branch, date],
    );
  }

  private async rows(tail: string, params: readonly unknown[]): Promise<CreditRun[]> {
    const rows = await this.db.select<CreditRun & Row & { agrees: unknown }>(
      `SELECT ${COLUMNS} FROM credit_run ${tail}`,
      params,
    );
    return rows.map((row) => ({ ...row, agrees: Boolean(row.agrees) }));
  }
}

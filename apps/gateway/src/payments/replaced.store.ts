import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { openDoubt } from '../doubts/open-doubt';
import { DB } from '../platform';
import { nextDue } from './ladder';
import type { AttemptRow } from './payment.rows';

export interface ReplacedRow {
  attempt_no: string;
  payment_no: string;
  /** settled: nothing can come of it any more · people: its ladder is at its end. */
  state: 'open' | 'settled' | 'people';
  tries: number;
  not_found: number;
  due_at: Date | null;
}

/** Written beside the attempt that came in its place. */
export const replacedRow = ({ attempt_no, payment_no }: AttemptRow, now: Date): ReplacedRow => ({
  ...{ attempt_no, payment_no, state: 'open', tries: 0, not_found: 0 },
  due_at: nextDue(now, 0),
});

/** Attempts to whose place others came, and when they are asked about next. */
@Injectable()
export class ReplacedStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async due(limit: number): Promise<ReplacedRow[]> {
    const sql = `SELECT * FROM replaced_attempt FORCE INDEX (replaced_attempt_due)
      WHERE state = 'open' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as ReplacedRow[];
  }

  /** One of many sweepers matches; the next step of the ladder is the lease. */
  async claim({ attempt_no, due_at }: ReplacedRow, next: Date): Promise<boolean> {
    const sql = `UPDATE replaced_attempt SET due_at = ?, tries = tries + 1
      WHERE attempt_no = ? AND state = 'open' AND due_at = ?`;
    return (await this.db.run(sql, [next, attempt_no, due_at])) === 1;
  }

  async notFound({ attempt_no }: ReplacedRow): Promise<void> {
    await this.db.run('UPDATE replaced_attempt SET not_found = not_found + 1 WHERE attempt_no = ?', [attempt_no]);
  }

  async settle({ attempt_no }: ReplacedRow): Promise<void> {
    const sql = "UPDATE replaced_attempt SET state = 'settled', due_at = NULL WHERE attempt_no = ?";
    await this.db.run(sql, [attempt_no]);
  }

  /** The ladder is at its end: people look. */
  async giveUp({ attempt_no, payment_no, tries }: ReplacedRow, { provider, amount }: AttemptRow): Promise<void> {
    const why = `another attempt came after it, and its provider does not say what became of it; asked ${tries} times`;
    const doubt = { kind: 'attempt', objectNo: attempt_no, paymentNo: payment_no, provider, amount, why } as const;
    const { sql, params } = openDoubt(doubt, new Date());
    await this.db.transaction(async (tx) => {
      const moved =
        "UPDATE replaced_attempt SET state = 'people', due_at = NULL WHERE attempt_no = ? AND state = 'open'";
      if ((await tx.run(moved, [attempt_no])) === 1) await tx.run(sql, params);
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

export type RunState = 'proposed' | 'approved_once' | 'sent' | 'withdrawn';

export interface PayoutRun {
  runId: string;
  account: string;
  executionDay: string;
  state: RunState;
  proposedBy: string;
  firstBy: string;
  secondBy: string;
  messageId: string;
  fileName: string;
  sha256: string;
  createdAt: Date;
}

interface RunRow extends Row {
  run_id: string;
  account: string;
  execution_day: string;
  state: RunState;
  proposed_by: string;
  first_by: string;
  second_by: string;
  message_id: string;
  file_name: string;
  sha256: string;
  created_at: Date;
}

const COLUMNS =
  'run_id, account, execution_day, state, proposed_by, first_by, second_by, message_id, file_name, sha256, created_at';

@Injectable()
export class RunsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, run: PayoutRun): Promise<void> {
    await tx.run(`INSERT INTO payout_run (${COLUMNS}, updated_at) VALUES (?)`, [
      [
        ...[run.runId, run.account, run.executionDay, run.state, run.proposedBy, run.firstBy, run.secondBy],
        ...[run.messageId, run.fileName, run.sha256, run.createdAt, new Date()],
      ],
    ]);
  }

  async find(runId: string, queryable: Queryable = this.db): Promise<PayoutRun | null> {
    const held = queryable === this.db ? '' : ' FOR UPDATE';
    const rows = await queryable.select<RunRow>(`SELECT ${COLUMNS} FROM payout_run WHERE run_id = ?${held}`, [runId]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /**
   * Runs that are prepared and not sent; they are held, and whoever asks next waits until this transaction is over: where no run is
   * open there is no row of one to hold, so it is the one row that is always there.
   */
  async open(tx: Queryable): Promise<string[]> {
    await tx.select('SELECT id FROM day_epoch WHERE id = 1 FOR UPDATE');
    const rows = await tx.select<{ run_id: string }>(
      "SELECT run_id FROM payout_run WHERE state IN ('proposed', 'approved_once') FOR UPDATE",
    );
    return rows.map((row) => row.run_id);
  }

  async byMessage(messageId: string): Promise<PayoutRun | null> {
    const rows = await this.db.select<RunRow>(`SELECT ${COLUMNS} FROM payout_run WHERE message_id = ?`, [messageId]);
    return rows[0] && messageId !== '' ? fromRow(rows[0]) : null;
  }

  async list(limit: number): Promise<PayoutRun[]> {
    const rows = await this.db.select<RunRow>(
      `SELECT ${COLUMNS} FROM payout_run ORDER BY created_at DESC, run_id LIMIT ?`,
      [limit],
    );
    return rows.map(fromRow);
  }

  async approveOnce(tx: Queryable, runId: string, by: string): Promise<void> {
    await tx.run("UPDATE payout_run SET state = 'approved_once', first_by = ?, updated_at = ? WHERE run_id = ?", [
      ...[by, new Date(), runId],
    ]);
  }

  /** The intent: from here on the order counts as given, whether or not anybody has seen the file. */
  async send(tx: Queryable, runId: string, by: string, file: SentFile): Promise<void> {
    await tx.run(
      `UPDATE payout_run SET state = 'sent', second_by = ?, message_id = ?, file_name = ?, sha256 = ?, content = ?,
        updated_at = ? WHERE run_id = ? AND state = 'approved_once'`,
      [by, file.messageId, file.fileName, file.sha256, file.content, new Date(), runId],
    );
  }

  async withdraw(tx: Queryable, runId: string): Promise<void> {
    await tx.run("UPDATE payout_run SET state = 'withdrawn', updated_at = ? WHERE run_id = ?", [new Date(), runId]);
  }

  async content(runId: string): Promise<{ fileName: string; sha256: string; content: Buffer } | null> {
    const rows = await this.db.select<{ file_name: string; sha256: string; content: Buffer | null }>(
      "SELECT file_name, sha256, content FROM payout_run WHERE run_id = ? AND state = 'sent'",
      [runId],
    );
    const [row] = rows;
    return row?.content ? { fileName: row.file_name, sha256: row.sha256, content: row.content } : null;
  }

  async undelivered(): Promise<string[]> {
    const rows = await this.db.select<{ run_id: string }>(
      "SELECT run_id FROM payout_run WHERE state = 'sent' AND delivered_at IS NULL ORDER BY created_at LIMIT 20",
    );
    return rows.map((row) => row.run_id);
  }

  async delivered(runId: string): Promise<void> {
    await this.db.run('UPDATE payout_run SET delivered_at = ? WHERE run_id = ? AND delivered_at IS NULL', [
      new Date(),
      runId,
    ]);
  }
}

export interface SentFile {
  messageId: string;
  fileName: string;
  sha256: string;
  content: Buffer;
}

const fromRow = (row: RunRow): PayoutRun => ({
  runId: row.run_id,
  account: row.account,
  executionDay: row.execution_day,
  state: row.state,
  proposedBy: row.proposed_by,
  firstBy: row.first_by,
  secondBy: row.second_by,
  messageId: row.message_id,
  fileName: row.file_name,
  sha256: row.sha256,
  createdAt: row.created_at,
});

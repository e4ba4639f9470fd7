import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

export interface OutboxMessage {
  key: string;
  branch: string;
  provider: string;
  day: string;
  /** Signed: + moves `receivable` to `settled`. */
  amount: bigint;
}

export interface DueMessage extends OutboxMessage {
  currency: string;
  dueAt: Date;
  tries: number;
}

interface MessageRow extends Row {
  k: string;
  branch: string;
  provider: string;
  day: string;
  amount: bigint;
  currency: string;
  due_at: Date;
  tries: number;
}

/** Principal that billing must move. A row is open until billing has answered; only open rows have a due date. */
@Injectable()
export class OutboxStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** In the transaction that closes the batch. */
  async add(tx: Queryable, message: OutboxMessage): Promise<void> {
    const now = new Date();
    await tx.run(
      `INSERT INTO settled_outbox (k, branch, provider, day, amount, currency, state, due_at, tries, reason, created_at)
       VALUES (?, ?, ?, ?, ?, 'CNY', 'open', ?, 0, '', ?)`,
      [message.key, message.branch, message.provider, message.day, message.amount, now, now],
    );
  }

  /** Branches that billing was, or is to be, told of for a batch. */
  async branchesTold(batchId: string): Promise<string[]> {
    // Keys are <batch>-<branch>; the sign after - in the alphabet ends the range.
    const rows = await this.db.select<{ branch: string }>(
      `SELECT branch FROM settled_outbox WHERE k > ? AND k < ? AND k NOT LIKE '%-r'`,
      [`${batchId}-`, `${batchId}.`],
    );
    return rows.map((row) => row.branch);
  }

  /** Claims what is due by moving its date: the next date is the lease, so two relays never need to know of each other. */
  async claim(limit: number, leaseMs: number): Promise<DueMessage[]> {
    const rows = await this.db.select<MessageRow>(
      `SELECT k, branch, provider, day, amount, currency, due_at, tries FROM settled_outbox
       WHERE state = 'open' AND due_at <= NOW(3) ORDER BY due_at LIMIT ${limit}`,
    );
    const mine: DueMessage[] = [];
    for (const row of rows) {
      const claimed = await this.db.run(
        `UPDATE settled_outbox SET due_at = NOW(3) + INTERVAL ? MICROSECOND, tries = tries + 1
         WHERE k = ? AND state = 'open' AND due_at = ?`,
        [leaseMs * 1000, row.k, row.due_at],
      );
      if (claimed === 1) mine.push({ key: row.k, dueAt: row.due_at, ...pick(row) });
    }
    return mine;
  }

  /** Billing's final word. A refusal is for people: it never goes away by itself. */
  async close(key: string, state: 'sent' | 'refused', reason: string): Promise<void> {
    await this.db.run(`UPDATE settled_outbox SET state = ?, due_at = NULL, reason = ? WHERE k = ? AND state = 'open'`, [
      state,
      reason.slice(0, 200),
      key,
    ]);
  }

  async again(key: string, inMs: number, reason: string): Promise<void> {
    await this.db.run(
      `UPDATE settled_outbox SET due_at = NOW(3) + INTERVAL ? MICROSECOND, reason = ? WHERE k = ? AND state = 'open'`,
      [inMs * 1000, reason.slice(0, 200), key],
    );
  }

  /** Messages billing has not taken: while there are any, S3 cannot hold. */
  async pending(): Promise<{ open: number; refused: number }> {
    const rows = await this.db.select<{ state: string; n: bigint }>(
      `SELECT state, COUNT(*) AS n FROM settled_outbox WHERE state IN ('open', 'refused') GROUP BY state`,
    );
    const count = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0n);
    return { open: count('open'), refused: count('refused') };
  }
}

const pick = ({ branch, provider, day, amount, currency, tries }: MessageRow) => ({
  ...{ branch, provider, day, amount, currency, tries },
});

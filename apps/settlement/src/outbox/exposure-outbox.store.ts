import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

/** Partner's money that was booked, for the gateway to free what the partner may collect. */
export interface ExposureMessage {
  /** The movement that booked it: the receipt that counts once. */
  key: string;
  provider: string;
  kind: 'remittance' | 'deposit';
  /** Negative: taken back. */
  amount: bigint;
  /** The bank's own reference, by which people may have entered it. */
  receipt: string;
}

interface MessageRow extends Row {
  k: string;
  provider: string;
  kind: ExposureMessage['kind'];
  amount: bigint;
  receipt: string;
  tries: number;
}

/** Open until the gateway has answered; only open rows have a due date. */
@Injectable()
export class ExposureOutboxStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** In the transaction that plans the booking. */
  async add(tx: Queryable, { key, provider, kind, amount, receipt }: ExposureMessage): Promise<void> {
    const now = new Date();
    await tx.run(
      `INSERT INTO exposure_outbox (k, provider, kind, amount, receipt, state, due_at, tries, reason, created_at)
       VALUES (?, ?, ?, ?, ?, 'open', ?, 0, '', ?)`,
      [key, provider, kind, amount, receipt, now, now],
    );
  }

  /** Claims what is due and whose booking is in the ledger, by moving its date. */
  async claim(limit: number, leaseMs: number): Promise<(ExposureMessage & { tries: number })[]> {
    const rows = await this.db.select<MessageRow>(
      `SELECT o.k, o.provider, o.kind, o.amount, o.receipt, o.tries FROM exposure_outbox o
       JOIN settlement_batch b ON b.batch_id = o.k AND b.state = 'settled'
       WHERE o.state = 'open' AND o.due_at <= NOW(3) ORDER BY o.due_at LIMIT ${limit}`,
    );
    const mine: (ExposureMessage & { tries: number })[] = [];
    for (const { k, ...row } of rows) {
      const claimed = await this.db.run(
        `UPDATE exposure_outbox SET due_at = NOW(3) + INTERVAL ? MICROSECOND, tries = tries + 1
         WHERE k = ? AND state = 'open' AND tries = ?`,
        [leaseMs * 1000, k, row.tries],
      );
      if (claimed === 1) mine.push({ key: k, ...row });
    }
    return mine;
  }

  async close(key: string, state: 'sent' | 'refused', reason: string): Promise<void> {
    await this.db.run(
      "UPDATE exposure_outbox SET state = ?, due_at = NULL, reason = ? WHERE k = ? AND state = 'open'",
      [...[state, reason.slice(0, 200), key]],
    );
  }

  async again(key: string, inMs: number, reason: string): Promise<void> {
    await this.db.run(
      "UPDATE exposure_outbox SET due_at = NOW(3) + INTERVAL ? MICROSECOND, reason = ? WHERE k = ? AND state = 'open'",
      [inMs * 1000, reason.slice(0, 200), key],
    );
  }

  async pending(): Promise<number> {
    const rows = await this.db.select<{ n: bigint }>("SELECT COUNT(*) AS n FROM exposure_outbox WHERE state = 'open'");
    return Number(rows[0]?.n ?? 0n);
  }
}

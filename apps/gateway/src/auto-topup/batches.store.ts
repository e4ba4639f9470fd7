import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';

export interface BatchRow {
  id: string;
  provider: string;
  /** Beijing day on which the accounts are to be debited. */
  collection_date: string;
  state: 'sealed' | 'sent' | 'done';
  message_id: string | null;
  file_name: string | null;
  debits: number;
  total: bigint;
  tries: number;
  due_at: Date | null;
  created_at: Date;
  sent_at: Date | null;
}

export interface BatchItemRow {
  attempt_no: string;
  payment_no: string;
  provider: string;
  /** null: it waits for its file. */
  batch_id: string | null;
  agreement_id: string;
  amount: bigint;
  first: number;
  /** What its return file has said; null: nothing yet. */
  answer: 'succeeded' | 'declined' | 'unknown' | null;
  created_at: Date;
}

/** An item as its file needs it. */
export interface SealedItem extends BatchItemRow {
  ref_sealed: string | null;
  signed_at: Date | null;
  msisdn_masked: string;
}

const MOST = 50_000;

@Injectable()
export class BatchesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Of a payment that has been ordered to go by file: once, however often it is told. */
  async wait(
    item: Pick<BatchItemRow, 'attempt_no' | 'payment_no' | 'provider' | 'agreement_id' | 'amount'>,
  ): Promise<void> {
    await this.db.run(
      `INSERT IGNORE INTO debit_batch_item (attempt_no, payment_no, provider, agreement_id, amount, first, created_at)
        SELECT ?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM debit_batch_item x WHERE x.agreement_id = ?), UTC_TIMESTAMP(3)`,
      [item.attempt_no, item.payment_no, item.provider, item.agreement_id, item.amount, item.agreement_id],
    );
  }

  /** Providers for whom something has waited long enough. */
  async ripe(minutes: number): Promise<string[]> {
    const rows = await this.db.select<{ provider: string }>(
      `SELECT DISTINCT provider FROM debit_batch_item WHERE batch_id IS NULL AND answer IS NULL
        AND created_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND`,
      [Math.round(minutes * 60)],
    );
    return rows.map(({ provider }) => provider);
  }

  /** What waits for a file although its agreement has ended meanwhile: no file may order it. */
  async ended(): Promise<BatchItemRow[]> {
    const sql = `SELECT i.* FROM debit_batch_item i JOIN agreement a ON a.id = i.agreement_id
      WHERE i.batch_id IS NULL AND i.answer IS NULL AND a.state = 'ended' ORDER BY i.attempt_no LIMIT 500`;
    return (await this.db.select(sql)) as unknown as BatchItemRow[];
  }

  /**
   * Puts what waits into a batch, and says what it holds; nothing is added to it any more. What its agreement may not pay now
   * waits on. @returns how many
   */
  async seal(id: string, provider: string, collectionDate: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      const debits = await tx.run(
        `UPDATE debit_batch_item SET batch_id = ? WHERE provider = ? AND batch_id IS NULL AND answer IS NULL
          AND agreement_id IN (SELECT id FROM agreement WHERE state = 'active') ORDER BY attempt_no LIMIT ?`,
        [id, provider, MOST],
      );
      if (debits === 0) return 0;
      await tx.run(
        `INSERT INTO debit_batch (id, provider, collection_date, state, debits, total, tries, due_at, created_at)
          SELECT ?, ?, ?, 'sealed', COUNT(*), SUM(amount), 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
          FROM debit_batch_item WHERE batch_id = ?`,
        [id, provider, collectionDate, id],
      );
      return debits;
    });
  }

  async due(limit: number): Promise<BatchRow[]> {
    const sql = `SELECT * FROM debit_batch WHERE state = 'sealed' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as BatchRow[];
  }

  async claim(row: BatchRow, next: Date): Promise<boolean> {
    const sql = "UPDATE debit_batch SET due_at = ?, tries = tries + 1 WHERE id = ? AND state = 'sealed' AND due_at = ?";
    return (await this.db.run(sql, [next, row.id, row.due_at])) === 1;
  }

  async sealed(id: string): Promise<SealedItem[]> {
    const sql = `SELECT i.*, a.ref_sealed, a.signed_at, p.msisdn_masked FROM debit_batch_item i
      JOIN agreement a ON a.id = i.agreement_id JOIN payment p ON p.payment_no = i.payment_no
      WHERE i.batch_id = ? ORDER BY i.attempt_no`;
    return (await this.db.select(sql, [id])) as unknown as SealedItem[];
  }

  async sent(id: string, fileName: string, messageId: string): Promise<void> {
    const sql = `UPDATE debit_batch SET state = 'sent', file_name = ?, message_id = ?, due_at = NULL,
      sent_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'sealed'`;
    await this.db.run(sql, [fileName, messageId, id]);
    await this.close(id); // its answers may have been read before anybody knew that it had arrived
  }

  /** Whether a file may lie at the bank of which nobody has written down that it was sent, nor its message. */
  async mayHaveArrived(provider: string): Promise<boolean> {
    const sql = "SELECT 1 FROM debit_batch WHERE provider = ? AND state = 'sealed' AND tries > 0 LIMIT 1";
    return (await this.db.select(sql, [provider])).length > 0;
  }

  /** Providers whose return files are waited for. */
  async answering(): Promise<string[]> {
    const rows = await this.db.select<{ provider: string }>(
      "SELECT DISTINCT provider FROM debit_batch WHERE state = 'sent'",
    );
    return rows.map(({ provider }) => provider);
  }

  async unread(provider: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const sql = 'SELECT name FROM debit_report WHERE provider = ? AND name IN (?)';
    const read = new Set((await this.db.select<{ name: string }>(sql, [provider, names])).map(({ name }) => name));
    return names.filter((name) => !read.has(name));
  }

  async read(provider: string, name: string, orders: number, findings: number): Promise<void> {
    const sql = `INSERT IGNORE INTO debit_report (provider, name, orders, findings, read_at)
      VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))`;
    await this.db.run(sql, [provider, name, orders, findings]);
  }

  async item(provider: string, attemptNo: string): Promise<BatchItemRow | undefined> {
    const sql = 'SELECT * FROM debit_batch_item WHERE attempt_no = ? AND provider = ? AND batch_id IS NOT NULL';
    return ((await this.db.select(sql, [attemptNo, provider])) as unknown as BatchItemRow[])[0];
  }

  /** Of a file of ours, those that nobody has told of. */
  async untold(provider: string, messageId: string): Promise<BatchItemRow[]> {
    const sql = `SELECT i.* FROM debit_batch_item i JOIN debit_batch b ON b.id = i.batch_id
      WHERE b.message_id = ? AND b.provider = ? AND i.answer IS NULL ORDER BY i.attempt_no`;
    return (await this.db.select(sql, [messageId, provider])) as unknown as BatchItemRow[];
  }

  async answered(item: BatchItemRow, answer: NonNullable<BatchItemRow['answer']>): Promise<void> {
    await this.db.run('UPDATE debit_batch_item SET answer = ? WHERE attempt_no = ?', [answer, item.attempt_no]);
    if (item.batch_id !== null) await this.close(item.batch_id);
  }

  private async close(id: string): Promise<void> {
    await this.db.run(
      `UPDATE debit_batch SET state = 'done' WHERE id = ? AND state = 'sent' AND NOT EXISTS
        (SELECT 1 FROM debit_batch_item WHERE batch_id = ? AND (answer IS NULL OR answer = 'unknown'))`,
      [id, id],
    );
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

/** One item of a message to billing: whose principal it is. */
export interface PrincipalItem {
  itemId: string;
  /** Empty: of no single payment. */
  paymentNo: string;
  /** Signed like the message. */
  amount: bigint;
}

interface ItemRow extends Row {
  item_id: string;
  payment_no: string;
  amount: bigint;
}

/** What the sums in the outbox stand for. Written before a message is, and never changed. */
@Injectable()
export class PrincipalItemsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Again and again the same rows, whoever resumes. */
  async add(key: string, items: readonly PrincipalItem[]): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map(({ itemId, paymentNo, amount }) => [key, itemId, paymentNo, amount]);
    const missing = new Set(items.map(({ itemId }) => itemId));
    const sql = 'SELECT item_id FROM principal_item FORCE INDEX (PRIMARY) WHERE k = ? AND item_id IN (?)';
    for (const row of await this.db.select<{ item_id: string }>(sql, [key, [...missing]])) missing.delete(row.item_id);
    const fresh = rows.filter(([, itemId]) => missing.has(String(itemId)));
    if (fresh.length > 0)
      await this.db.run('INSERT INTO principal_item (k, item_id, payment_no, amount) VALUES ?', [fresh]);
  }

  async total(key: string): Promise<bigint> {
    const sql = 'SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) AS total FROM principal_item WHERE k = ?';
    return (await this.db.select<{ total: bigint }>(sql, [key]))[0]?.total ?? 0n;
  }

  /** Always the same pages: what is listed never changes. */
  async *pages(key: string, size = 500): AsyncGenerator<PrincipalItem[]> {
    for (let after = ''; ;) {
      const page = await this.page(key, after, size);
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (!last || page.length < size) return;
      after = last.itemId;
    }
  }

  private async page(key: string, after: string, limit: number): Promise<PrincipalItem[]> {
    const rows = await this.db.select<ItemRow>(
      'SELECT item_id, payment_no, amount FROM principal_item WHERE k = ? AND item_id > ? ORDER BY item_id LIMIT ?',
      [key, after, limit],
    );
    return rows.map((row) => ({ itemId: row.item_id, paymentNo: row.payment_no, amount: row.amount }));
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/tokens';

/** What pays a provider's clearing account besides entries of our bank. */
export interface ClearingPayment {
  id: string;
  provider: string;
  /** Statement date it counts for. */
  day: string;
  /** + it holds less for us. */
  amount: bigint;
  source: 'prefund' | 'set_off' | 'difference';
  batchId: string;
}

@Injectable()
export class ClearingStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Net of each settled statement date: what the provider then owes us. */
  async settledDays(provider: string, queryable: Queryable = this.db): Promise<Map<string, bigint>> {
    const rows = await queryable.select<{ day: string; total: bigint }>(
      `SELECT day, CAST(SUM(net) AS SIGNED) AS total FROM (
         SELECT b.day, i.amount - i.statement_fee AS net FROM settlement_batch b JOIN settled_item i ON i.batch_id = b.batch_id
         WHERE b.provider = ? AND b.state = 'settled' AND b.kind = 'settle' AND i.place <> 'skipped'
         UNION ALL
         SELECT b.day, s.amount - s.statement_fee FROM settlement_batch b JOIN settled_sum s ON s.batch_id = b.batch_id
         WHERE b.provider = ? AND b.state = 'settled'
       ) settled GROUP BY day ORDER BY day`,
      [provider, provider],
    );
    return new Map(rows.map(({ day, total }) => [day, total]));
  }

  /** Paid otherwise, by statement date, and in how many payments. */
  async paidOtherwise(
    provider: string,
    queryable: Queryable = this.db,
  ): Promise<Map<string, { total: bigint; payments: number }>> {
    const rows = await queryable.select<{ day: string; total: bigint; n: bigint }>(
      `SELECT day, CAST(SUM(amount) AS SIGNED) AS total, COUNT(*) AS n FROM clearing_payment
       WHERE provider = ? GROUP BY day`,
      [provider],
    );
    return new Map(rows.map(({ day, total, n }) => [day, { total, payments: Number(n) }]));
  }

  /** false: it is there already. */
  async add(tx: Queryable, payment: ClearingPayment): Promise<boolean> {
    const known = await tx.select('SELECT id FROM clearing_payment WHERE id = ? FOR UPDATE', [payment.id]);
    if (known.length > 0) return false;
    const { id, provider, day, amount, source, batchId } = payment;
    await tx.run('INSERT INTO clearing_payment (id, provider, day, amount, source, batch_id) VALUES (?)', [
      [id, provider, day, amount, source, batchId],
    ]);
    return true;
  }

  async known(id: string, queryable: Queryable = this.db): Promise<ClearingPayment | null> {
    const rows = await queryable.select<{
      day: string;
      amount: bigint;
      provider: string;
      batch_id: string;
      source: string;
    }>('SELECT provider, day, amount, source, batch_id FROM clearing_payment WHERE id = ?', [id]);
    const [row] = rows;
    if (!row) return null;
    const { provider, day, amount, batch_id: batchId } = row;
    return { id, provider, day, amount, batchId, source: row.source as ClearingPayment['source'] };
  }
}

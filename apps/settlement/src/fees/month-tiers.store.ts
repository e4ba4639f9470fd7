import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { tierAt, type Tier } from '@yidian/money';
import { DB } from '../resources/tokens';
import { daysOf, monthBefore } from './month';

export interface TieredTerms {
  of: 'schedule' | 'plan';
  id: string;
  /** YYYY-MM */
  month: string;
}

const COLUMN = { schedule: 'schedule_id', plan: 'plan_id' } as const;

/**
 * The provisional rate of tiered terms: that of the tier last month's volume reached, or of the first. Whoever asks first in
 * a month fixes it for the whole month, so that a payment's price does not depend on which payments came before it.
 */
@Injectable()
export class MonthTiersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async rate(terms: TieredTerms, level: number, tiers: readonly Tier[]): Promise<bigint> {
    const known = await this.known(terms, level);
    if (known !== null) return known;
    const reached = tierAt(tiers, await this.volume({ ...terms, month: monthBefore(terms.month) }));
    await this.db.run(
      `INSERT INTO month_tier (terms_id, level, month, ppm) VALUES (?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE terms_id = terms_id`,
      [terms.id, level, terms.month, reached.ppm],
    );
    const fixed = await this.known(terms, level);
    if (fixed === null) throw new Error(`the rate of ${terms.id} for ${terms.month} is gone`);
    return fixed;
  }

  /** V of the month: settled charged less refunds dated in it. */
  private async volume({ of, id, month }: TieredTerms): Promise<bigint> {
    const { first, last } = daysOf(month);
    const rows = await this.db.select<{ volume: bigint }>(
      `SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) AS volume FROM (
         SELECT i.amount FROM settlement_batch b JOIN settled_item i ON i.batch_id = b.batch_id
         WHERE b.state = 'settled' AND b.kind = 'settle' AND b.day BETWEEN ? AND ?
           AND i.place = 'due' AND i.${COLUMN[of]} = ?
         UNION ALL
         SELECT s.amount FROM settlement_batch b JOIN settled_sum s ON s.batch_id = b.batch_id
         WHERE b.state = 'settled' AND b.day BETWEEN ? AND ? AND s.${COLUMN[of]} = ?) settled`,
      [first, last, id, first, last, id],
    );
    return rows[0]?.volume ?? 0n;
  }

  private async known({ id, month }: TieredTerms, level: number): Promise<bigint | null> {
    const rows = await this.db.select<{ ppm: bigint }>(
      'SELECT ppm FROM month_tier WHERE terms_id = ? AND level = ? AND month = ?',
      [id, level, month],
    );
    return rows[0]?.ppm ?? null;
  }
}

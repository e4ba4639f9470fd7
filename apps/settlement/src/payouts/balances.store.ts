import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/tokens';

/** What the money ledger says that we owe, for those who decide about payouts. */
@Injectable()
export class BalancesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Account → credits − debits: positive is owed by headquarters. */
  async of(prefixes: readonly string[], queryable: Queryable = this.db): Promise<Map<string, bigint>> {
    const likes = prefixes.map(() => 'account_id LIKE ?').join(' OR ');
    const rows = await queryable.select<{ account: string; total: bigint }>(
      `SELECT account_id AS account, CAST(SUM(balance) AS SIGNED) AS total FROM account_part
       WHERE ${likes} GROUP BY account_id ORDER BY account_id`,
      prefixes.map((prefix) => `${prefix}%`),
    );
    return new Map(rows.map(({ account, total }) => [account, total]));
  }

  /** Plans that are fixed and not yet in the ledger: while there are any, balances are about to change. */
  async underWay(queryable: Queryable = this.db): Promise<number> {
    const rows = await queryable.select<{ n: bigint }>(
      "SELECT COUNT(*) AS n FROM settlement_batch WHERE state IN ('posting', 'reversing')",
    );
    return Number(rows[0]?.n ?? 0n);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/db';

/** Minor units; accounts nothing happened to are left out. */
export interface AccountSums {
  /** Credits − debits, as the ledger keeps it. */
  balance: ReadonlyMap<string, bigint>;
  /** Ever debited and credited other than by settling, from the transfers. */
  debited: ReadonlyMap<string, bigint>;
  credited: ReadonlyMap<string, bigint>;
}

interface SumRow extends Record<string, unknown> {
  what: keyof AccountSums;
  account: string;
  total: string;
}

@Injectable()
export class BranchSumsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** One statement, so that all sums are of one moment. Scans the transfers. */
  async of(accounts: readonly string[]): Promise<AccountSums> {
    const rows = await this.db.select<SumRow>(
      `SELECT 'balance' AS what, account_id AS account, SUM(balance) AS total FROM account_part
        WHERE account_id IN (?) GROUP BY account_id
       UNION ALL
       SELECT 'debited', debit, SUM(amount) FROM transfer WHERE debit IN (?) AND kind <> 'principal' GROUP BY debit
       UNION ALL
       SELECT 'credited', credit, SUM(amount) FROM transfer WHERE credit IN (?) AND kind <> 'principal' GROUP BY credit`,
      [accounts, accounts, accounts],
    );
    const sums = (what: keyof AccountSums) =>
      new Map(rows.filter((row) => row.what === what).map(({ account, total }) => [account, BigInt(total)]));
    return { balance: sums('balance'), debited: sums('debited'), credited: sums('credited') };
  }
}

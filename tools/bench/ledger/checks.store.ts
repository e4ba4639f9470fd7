import type { Db } from '@yidian/database';
import { DAY, keysOf } from './workload';

export async function storedPostings(db: Db, run: number): Promise<number> {
  const [row] = await db.select<{ n: bigint }>(
    "SELECT COUNT(*) AS n FROM posting WHERE key_day = ? AND k BETWEEN ? AND ? AND outcome = 'posted'",
    [DAY, ...keysOf(run)],
  );
  return Number(row?.n ?? 0n);
}

/** Sum of what every account is off its transfers, and of all balances: both zero when nothing was lost or made. */
export async function sumsOff(db: Db): Promise<{ accounts: bigint; total: string }> {
  const [off] = await db.select<{ n: bigint }>(
    `SELECT COUNT(*) AS n FROM (
       SELECT id FROM (
         SELECT id, SUM(balance) AS v FROM account GROUP BY id
         UNION ALL SELECT account_id, SUM(balance) FROM account_part GROUP BY account_id
         UNION ALL SELECT debit, SUM(amount) FROM transfer GROUP BY debit
         UNION ALL SELECT credit, -SUM(amount) FROM transfer GROUP BY credit) every
       GROUP BY id HAVING SUM(v) <> 0) off`,
  );
  const [sum] = await db.select<{ total: string }>(
    `SELECT (SELECT COALESCE(SUM(balance), 0) FROM account)
          + (SELECT COALESCE(SUM(balance), 0) FROM account_part) AS total`,
  );
  return { accounts: off?.n ?? 0n, total: String(sum?.total ?? '0') };
}

/** How often InnoDB has forced a file: MariaDB counts its redo log among all files since 10.8, MySQL by itself. */
export async function forcedWrites(db: Db): Promise<number> {
  const rows = await db.select<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_os_log_fsyncs', 'Innodb_data_fsyncs')",
  );
  const values = new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]));
  return values.get('Innodb_os_log_fsyncs') ?? values.get('Innodb_data_fsyncs') ?? 0;
}

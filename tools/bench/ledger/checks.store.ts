import { connectionOptions, type Db } from '@yidian/database';
import { createConnection, type Connection } from 'mysql2';
import { DAY, keysOf } from './workload';

export async function storedPostings(db: Db, run: number): Promise<number> {
  const [row] = await db.select<{ n: bigint }>(
    "SELECT COUNT(*) AS n FROM posting WHERE key_day = ? AND k BETWEEN ? AND ? AND outcome = 'posted'",
    [DAY, ...keysOf(run)],
  );
  return Number(row?.n ?? 0n);
}

/**
 * Every balance against the sum of its transfers. The sums are kept from run to run and only new transfers are read: the
 * rows are streamed and added up here, where it takes a tenth of the time that the server's GROUP BY takes.
 */
export class Sums {
  private readonly totals = new Map<string, bigint>();
  private lastLane = 0;

  private constructor(
    private readonly rows: Connection,
    private readonly db: Db,
  ) {}

  static async open(url: string, db: Db, progress: (read: number) => void): Promise<Sums> {
    const sums = new Sums(createConnection({ ...connectionOptions(url), typeCast: true }), db);
    await sums.add('1 = 1', [], progress);
    return sums;
  }

  /** Adds what a run has transferred: on new lanes, or under its own negative number. */
  async addRun(run: number): Promise<void> {
    await this.add('lane_id > ? OR lane_id = ?', [this.lastLane, -run]);
    const [row] = await this.db.select<{ last: number | null }>('SELECT MAX(lane_id) AS last FROM lane');
    this.lastLane = row?.last ?? 0;
  }

  /** @returns how many balances are not their transfers, and what all balances sum up to */
  async off(): Promise<{ accounts: number; total: bigint }> {
    const left = new Map(this.totals);
    let total = 0n;
    const balances = `SELECT id, balance FROM account
      UNION ALL SELECT account_id, SUM(balance) FROM account_part GROUP BY account_id`;
    await this.stream(balances, [], ([id, balance]) => {
      const amount = BigInt(balance as string);
      total += amount;
      if (left.get(id as string) === amount) left.delete(id as string);
      else if (amount !== 0n) left.set(id as string, amount);
    });
    return { accounts: [...left.values()].filter((amount) => amount !== 0n).length, total };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.rows.end(() => resolve()));
  }

  private async add(which: string, params: readonly number[], progress?: (read: number) => void): Promise<void> {
    let read = 0;
    await this.stream(`SELECT debit, credit, amount FROM transfer WHERE ${which}`, params, ([debit, credit, text]) => {
      const amount = BigInt(text as string);
      this.totals.set(debit as string, (this.totals.get(debit as string) ?? 0n) - amount);
      this.totals.set(credit as string, (this.totals.get(credit as string) ?? 0n) + amount);
      if (++read % 100_000 === 0) progress?.(read);
    });
  }

  private stream(sql: string, params: readonly number[], row: (values: unknown[]) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const query = this.rows.query({ sql, values: [...params], rowsAsArray: true });
      query.on('result', (values) => row(values as unknown as unknown[]));
      query.on('end', () => resolve());
      query.on('error', reject);
    });
  }
}

/** How often InnoDB has forced a file: MariaDB counts its redo log among all files since 10.8, MySQL by itself. */
export async function forcedWrites(db: Db): Promise<number> {
  const rows = await db.select<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_os_log_fsyncs', 'Innodb_data_fsyncs')",
  );
  const values = new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]));
  return values.get('Innodb_os_log_fsyncs') ?? values.get('Innodb_data_fsyncs') ?? 0;
}

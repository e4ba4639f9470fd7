import type { Queryable } from '@yidian/database';

const WANTED: readonly (readonly [name: string, value: string])[] = [
  ['log_bin', 'ON'],
  ['sync_binlog', '1'],
  ['innodb_flush_log_at_trx_commit', '1'],
];

/**
 * Readiness. Without the binlog InnoDB shows a commit to others before it is on disk: a replay answered from such a row, or
 * a fact pulled from it, can vanish in a crash.
 */
export async function assertDurable(db: Queryable): Promise<void> {
  const rows = await db.select<{ Variable_name: string; Value: string }>(
    'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)',
    [WANTED.map(([name]) => name)],
  );
  const values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
  const wrong = WANTED.filter(([name, value]) => values.get(name) !== value);
  if (wrong.length > 0)
    throw new Error(
      `the database is not durable: ${wrong.map(([name, value]) => `${name} must be ${value}`).join(', ')}`,
    );
}

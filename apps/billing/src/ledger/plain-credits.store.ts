/**
 * Nearly every transfer on a `receivable` is a plain credit: a top-up in yuan of the payment that is its own key, owed by one branch.
 * Those are counted by the server where they lie; to carry each to Node and back as an open item costs five times as much.
 */
import type { Queryable, Row } from '@yidian/database';
import type { KindSum, Uncounted } from './receivable-effects';

export interface PlainSums {
  sums: KindSum[];
  /** Plain credits in the stretch. */
  plain: number;
  /** Other transfers on a `receivable`: they are read as rows. */
  others: number;
}

const ON_RECEIVABLE = `(debit LIKE 'branch/%/receivable' OR credit LIKE 'branch/%/receivable')`;

/** One kind and one currency, so that sums are grouped by a short key: three columns of text cost as much as all the rest. */
const KIND = 'topup';
const CURRENCY = 'CNY';

/** A key of 20 bytes names a payment or none, so that no part of it has to be looked for. */
const PLAIN = `(debit LIKE 'branch/______/receivable' AND credit NOT LIKE 'branch/%/receivable' AND kind = '${KIND}'
  AND currency = '${CURRENCY}' AND LENGTH(k) <= 20 AND (refers_to = '' OR refers_to = k))`;

const BRANCH = 'SUBSTR(debit, 8, 6)';
const STRETCH = 'FROM transfer FORCE INDEX (PRIMARY) WHERE lane_id = ? AND batch_no > ? AND batch_no <= ?';

/** Transfers on a `receivable` that are no plain credits. */
export const OTHERS = `${STRETCH} AND ${ON_RECEIVABLE} AND NOT ${PLAIN}`;

interface SumRow extends Row {
  /** 1 or 0: a comparison is an INT to MariaDB, a BIGINT to MySQL. */
  plain: number | bigint;
  branch: string;
  debited: bigint;
  n: bigint;
}

export async function plainSums(db: Queryable, { laneId, after, to }: Uncounted): Promise<PlainSums> {
  const rows = await db.select<SumRow>(
    `SELECT ${PLAIN} AS plain, ${BRANCH} AS branch, CAST(SUM(amount) AS SIGNED) AS debited, COUNT(*) AS n
      ${STRETCH} AND ${ON_RECEIVABLE} GROUP BY plain, branch`,
    [laneId, after, to],
  );
  const isPlain = (row: SumRow): boolean => Number(row.plain) === 1;
  const [plain, others] = [rows.filter(isPlain), rows.filter((row) => !isPlain(row))];
  return {
    sums: plain.map(({ branch, debited }) => ({ branch, currency: CURRENCY, kind: KIND, debited, credited: 0n })),
    plain: rowsIn(plain),
    others: rowsIn(others),
  };
}

const rowsIn = (rows: readonly SumRow[]): number => rows.reduce((sum, { n }) => sum + Number(n), 0);

/**
 * Opens an item for each plain credit, as they lie: sorting them costs as much as writing them, and a writer that crosses another is
 * run again. Needs READ COMMITTED: there the server reads the transfers without locking them.
 * @returns rows that were new, and two for each that was there already
 */
export function openPlain(tx: Queryable, { laneId, after, to }: Uncounted): Promise<number> {
  return tx.run(
    `INSERT INTO open_item (branch, item, currency, amount, since)
      SELECT ${BRANCH}, k, currency, amount, at ${STRETCH} AND ${PLAIN}
      ON DUPLICATE KEY UPDATE amount = open_item.amount + VALUES(amount)`,
    [laneId, after, to],
  );
}

/** Items of plain credits that came to zero: settled, or taken back, before they were counted. */
export function closedPlain(
  tx: Queryable,
  { laneId, after, to }: Uncounted,
): Promise<{ branch: string; item: string }[]> {
  return tx.select<{ branch: string; item: string }>(
    `SELECT o.branch, o.item
      FROM (SELECT ${BRANCH} AS debtor, k ${STRETCH} AND ${PLAIN}) credited
      STRAIGHT_JOIN open_item o FORCE INDEX (PRIMARY) ON o.branch = debtor AND o.item = k AND o.currency = '${CURRENCY}'
      WHERE o.amount = 0`,
    [laneId, after, to],
  );
}

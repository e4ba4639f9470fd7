import type { Queryable, Row } from '@yidian/database';
import type { LaneEnd } from '@yidian/journal';

export interface HeldBalance {
  id: string;
  currency: string;
  balance: bigint;
}

/** Batch number by lane. */
export type LanePositions = ReadonlyMap<number, bigint>;

interface MixedRow extends Row {
  what: 'lane' | 'held';
  id: string;
  currency: string;
  value: bigint;
  seq: bigint | null;
  head: Buffer | null;
}

/** Lanes below it are closed, and closed for ever. */
export async function lowestMovingLane(db: Queryable): Promise<number> {
  const [row] = await db.select<{ lane_id: bigint }>(
    `SELECT CAST(COALESCE((SELECT MIN(lane_id) FROM lane WHERE state = 'open'),
      (SELECT MAX(lane_id) + 1 FROM lane), 1) AS SIGNED) AS lane_id`,
  );
  return Number(row?.lane_id ?? 1n);
}

/** Accounts with a limit after `after`, and where the lanes from `lane` on stood then: one statement, hence one moment. */
export async function accountsPage(
  db: Queryable,
  after: string,
  limit: number,
  lane: number,
): Promise<{ held: HeldBalance[]; lanes: LanePositions }> {
  const rows = await db.select<MixedRow>(
    `SELECT 'lane' AS what, CAST(lane_id AS CHAR) AS id, '' AS currency, batch_no AS value FROM lane WHERE lane_id >= ?
     UNION ALL
     (SELECT 'held', id, currency, balance FROM account FORCE INDEX (PRIMARY) WHERE id > ? ORDER BY id LIMIT ?)`,
    [lane, after, limit],
  );
  return { held: rows.filter(isHeld).map(heldOf), lanes: positionsOf(rows) };
}

/** Shared accounts and every lane, of one moment. */
export async function sharedBalances(db: Queryable): Promise<{ held: HeldBalance[]; ends: LaneEnd[] }> {
  const rows = await db.select<MixedRow>(
    `SELECT 'lane' AS what, CAST(lane_id AS CHAR) AS id, '' AS currency, batch_no AS value, seq, head FROM lane
     UNION ALL
     SELECT 'held', account_id, currency, CAST(SUM(balance) AS SIGNED), NULL, NULL FROM account_part
      GROUP BY account_id, currency`,
  );
  const ends = rows.filter((row) => row.what === 'lane').map(endOf);
  return { held: rows.filter(isHeld).map(heldOf), ends: ends.sort((a, b) => a.laneId - b.laneId) };
}

const isHeld = (row: MixedRow): boolean => row.what === 'held';
const heldOf = (row: MixedRow): HeldBalance => ({ id: row.id, currency: row.currency, balance: row.value });

const endOf = (row: MixedRow): LaneEnd => ({
  laneId: Number(row.id),
  batchNo: row.value,
  seq: row.seq ?? 0n,
  head: row.head ?? Buffer.alloc(0),
});

function positionsOf(rows: readonly MixedRow[]): LanePositions {
  return new Map(rows.filter((row) => row.what === 'lane').map((row) => [Number(row.id), row.value]));
}

import { isDuplicateKey, type Queryable, type Row } from '@yidian/database';
import type { HeldBalance } from './verify.store';

/**
 * taking: its rows are being written · taken: they were compared with the transfers before it and may stand for them ·
 * refused: they did not agree, and it stands for nothing.
 */
export type SnapshotState = 'taking' | 'taken' | 'refused';

/** Whoever takes a snapshot is known by the anchor it is taken at. */
export interface SnapshotClaim {
  day: string;
  anchorN: bigint;
}

/** Balances of a day as they stood at an anchor; the positions of the lanes are the anchor's. */
export interface Snapshot extends SnapshotClaim {
  state: SnapshotState;
  rows: bigint;
  /** Over the rows in the order of their key. */
  hash: Buffer;
}

interface SnapshotRow extends Row {
  day: string;
  anchor_n: bigint;
  state: SnapshotState;
  rows_n: bigint;
  hash: Buffer;
}

interface BalanceRow extends Row {
  account_id: string;
  currency: string;
  balance: bigint;
}

const COLUMNS = 'day, anchor_n, state, rows_n, hash';

/** The last one that may stand for the transfers before it. */
export async function lastTaken(db: Queryable): Promise<Snapshot | undefined> {
  const [row] = await db.select<SnapshotRow>(
    `SELECT ${COLUMNS} FROM account_snapshot_day WHERE state = 'taken' ORDER BY anchor_n DESC LIMIT 1`,
  );
  return row && snapshotOf(row);
}

export async function snapshotOn(db: Queryable, day: string): Promise<Snapshot | undefined> {
  const [row] = await db.select<SnapshotRow>(`SELECT ${COLUMNS} FROM account_snapshot_day WHERE day = ?`, [day]);
  return row && snapshotOf(row);
}

/** How long a snapshot may stand still before another process takes it over. */
const STANDSTILL_S = 60;

/** Claims the day. @returns false when it was taken or refused, or somebody else is at it */
export async function claimSnapshot(db: Queryable, day: string, anchorN: bigint): Promise<boolean> {
  try {
    await db.run(
      `INSERT INTO account_snapshot_day (day, anchor_n, state, rows_n, hash, beat_at)
        VALUES (?, ?, 'taking', 0, ?, NOW(3))`,
      [day, anchorN, Buffer.alloc(32)],
    );
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const matched = await db.run(
    `UPDATE account_snapshot_day SET anchor_n = ?, beat_at = NOW(3)
      WHERE day = ? AND state = 'taking' AND beat_at < NOW(3) - INTERVAL ${STANDSTILL_S} SECOND`,
    [anchorN, day],
  );
  return matched === 1;
}

/** Still at it. @returns false when another process has taken it over */
export async function beatSnapshot(db: Queryable, { day, anchorN }: SnapshotClaim): Promise<boolean> {
  const matched = await db.run(
    `UPDATE account_snapshot_day SET beat_at = NOW(3) WHERE day = ? AND anchor_n = ? AND state = 'taking'`,
    [day, anchorN],
  );
  return matched === 1;
}

export async function endSnapshot(db: Queryable, { day, anchorN, state, rows, hash }: Snapshot): Promise<boolean> {
  const matched = await db.run(
    `UPDATE account_snapshot_day SET state = ?, rows_n = ?, hash = ?, beat_at = NOW(3)
      WHERE day = ? AND anchor_n = ? AND state = 'taking'`,
    [state, rows, hash, day, anchorN],
  );
  return matched === 1;
}

/** In steps, so that no transaction grows with the number of accounts. @returns whether anything was left to remove */
export async function removeBalances(db: Queryable, day: string, most: number): Promise<boolean> {
  return (await db.run('DELETE FROM account_snapshot WHERE day = ? LIMIT ?', [day, most])) > 0;
}

/** Days whose rows are not needed any more, the youngest of them: `keep` younger ones are taken. Their hashes stay. */
export async function outlivedSnapshots(db: Queryable, keep: number): Promise<string[]> {
  const rows = await db.select<{ day: string }>(
    "SELECT day FROM account_snapshot_day WHERE state = 'taken' ORDER BY anchor_n DESC LIMIT 3 OFFSET ?",
    [keep],
  );
  return rows.map((row) => row.day);
}

export async function insertBalances(db: Queryable, day: string, balances: readonly HeldBalance[]): Promise<void> {
  if (balances.length === 0) return;
  const rows = balances.map((one) => [day, one.id, one.currency, one.balance]);
  await db.run('INSERT INTO account_snapshot (day, account_id, currency, balance) VALUES ?', [rows]);
}

/** After (account, currency), in the order of the key. */
export async function balancesAfter(
  db: Queryable,
  day: string,
  after: { id: string; currency: string },
  limit: number,
): Promise<HeldBalance[]> {
  const rows = await db.select<BalanceRow>(
    `SELECT account_id, currency, balance FROM account_snapshot FORCE INDEX (PRIMARY)
      WHERE day = ? AND (account_id > ? OR (account_id = ? AND currency > ?)) AND account_id >= ?
      ORDER BY account_id, currency LIMIT ?`,
    [day, after.id, after.id, after.currency, after.id, limit],
  );
  return rows.map((row) => ({ id: row.account_id, currency: row.currency, balance: row.balance }));
}

const snapshotOf = (row: SnapshotRow): Snapshot => ({
  day: row.day,
  anchorN: row.anchor_n,
  state: row.state,
  rows: row.rows_n,
  hash: row.hash,
});

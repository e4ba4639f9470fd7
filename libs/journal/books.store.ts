import type { Queryable } from '@yidian/database';

export interface Cut {
  epoch: bigint;
  state: 'cutting' | 'frozen';
}

export interface LaneSeq {
  laneId: number;
  seq: bigint;
}

/** How far a lane has come, for a closer that watches whether it still moves. */
export interface LaneStand {
  laneId: number;
  batchNo: bigint;
  beat: bigint;
}

export async function bumpEpoch(tx: Queryable): Promise<bigint> {
  await tx.run('UPDATE day_epoch SET epoch = epoch + 1 WHERE id = 1');
  const [row] = await tx.select<{ epoch: bigint }>('SELECT epoch FROM day_epoch WHERE id = 1');
  if (!row) throw new Error('day_epoch has no row');
  return row.epoch;
}

export async function openDateOf(db: Queryable, provider: string): Promise<string | undefined> {
  const [row] = await db.select<{ open_date: string }>('SELECT open_date FROM book_day WHERE provider = ?', [provider]);
  return row?.open_date;
}

export async function insertDay(tx: Queryable, provider: string, openDate: string): Promise<void> {
  await tx.run('INSERT INTO book_day (provider, open_date) VALUES (?, ?)', [provider, openDate]);
}

export async function moveDay(tx: Queryable, provider: string, from: string, to: string): Promise<number> {
  const sql = 'UPDATE book_day SET open_date = ? WHERE provider = ? AND open_date = ?';
  return tx.run(sql, [to, provider, from]);
}

export async function cutOf(db: Queryable, provider: string, date: string): Promise<Cut | undefined> {
  const [row] = await db.select<{ epoch: bigint; state: string }>(
    'SELECT epoch, state FROM book_cut WHERE provider = ? AND book_date = ?',
    [provider, date],
  );
  return row && { epoch: row.epoch, state: row.state as Cut['state'] };
}

/** The latest date that any provider's book was closed for. */
export async function latestFrozenDate(db: Queryable): Promise<string | undefined> {
  const sql = "SELECT MAX(book_date) AS day FROM book_cut WHERE state = 'frozen'";
  return (await db.select<{ day: string | null }>(sql))[0]?.day ?? undefined;
}

/** Dates of this provider whose cut is under way. */
export async function cuttingDates(db: Queryable, provider: string): Promise<string[]> {
  const sql = "SELECT book_date FROM book_cut WHERE provider = ? AND state = 'cutting'";
  return (await db.select<{ book_date: string }>(sql, [provider])).map((row) => row.book_date);
}

export async function insertCut(tx: Queryable, provider: string, date: string, epoch: bigint): Promise<void> {
  await tx.run("INSERT INTO book_cut (provider, book_date, epoch, state, cut_at) VALUES (?, ?, ?, 'cutting', NOW(3))", [
    provider,
    date,
    epoch,
  ]);
}

export async function freezeCut(tx: Queryable, provider: string, date: string): Promise<number> {
  return tx.run(
    `UPDATE book_cut SET state = 'frozen', frozen_at = NOW(3)
      WHERE provider = ? AND book_date = ? AND state = 'cutting'`,
    [provider, date],
  );
}

/** Open lanes that have not acknowledged the epoch. */
export async function lanesBehind(db: Queryable, epoch: bigint): Promise<LaneStand[]> {
  const rows = await db.select<{ lane_id: number; batch_no: bigint; beat: bigint }>(
    "SELECT lane_id, batch_no, beat FROM lane WHERE state = 'open' AND day_epoch < ? ORDER BY lane_id",
    [epoch],
  );
  return rows.map((row) => ({ laneId: row.lane_id, batchNo: row.batch_no, beat: row.beat }));
}

/** Matches only a lane that has not moved; waits behind a commit in flight, then fences whatever comes later. */
export async function closeStanding(db: Queryable, stand: LaneStand): Promise<number> {
  return db.run("UPDATE lane SET state = 'closed' WHERE lane_id = ? AND state = 'open' AND batch_no = ? AND beat = ?", [
    stand.laneId,
    stand.batchNo,
    stand.beat,
  ]);
}

export async function allLanes(db: Queryable): Promise<(LaneSeq & { state: 'open' | 'closed' })[]> {
  const rows = await db.select<{ lane_id: number; seq: bigint; state: string }>(
    'SELECT lane_id, seq, state FROM lane ORDER BY lane_id',
  );
  return rows.map((row) => ({ laneId: row.lane_id, seq: row.seq, state: row.state as 'open' | 'closed' }));
}

/** Per lane its latest entry at or before the date: a lane without an entry of this date keeps its earlier one. */
export async function vectorAt(db: Queryable, provider: string, date: string): Promise<LaneSeq[]> {
  const rows = await db.select<{ lane_id: number; seq: bigint }>(
    `SELECT lane_id, MAX(seq) AS seq FROM book_cut_lane WHERE provider = ? AND book_date <= ?
      GROUP BY lane_id ORDER BY lane_id`,
    [provider, date],
  );
  return rows.map((row) => ({ laneId: row.lane_id, seq: row.seq }));
}

export async function insertVector(
  tx: Queryable,
  provider: string,
  date: string,
  vector: readonly LaneSeq[],
): Promise<void> {
  await insertLanes(tx, 'book_cut_lane', provider, date, vector);
}

/**
 * Per lane a position at or below which no fact of this date lies. The lane's own position when the date was opened: whoever
 * dates a fact by it has read the map after that, and a lane commits one batch after another. Where none was kept (a date
 * opened before there were such rows) what was frozen two days before: the day between was opened only then.
 */
export async function floorsOf(db: Queryable, provider: string, date: string): Promise<Map<number, bigint>> {
  const rows = await db.select<{ lane_id: number; seq: bigint }>(
    `SELECT lane_id, MAX(seq) AS seq FROM (
       SELECT lane_id, seq FROM book_open_lane WHERE provider = ? AND book_date <= ?
       UNION ALL
       SELECT lane_id, seq FROM book_cut_lane WHERE provider = ? AND book_date <= ? - INTERVAL 2 DAY) f
      GROUP BY lane_id`,
    [provider, date, provider, date],
  );
  return new Map(rows.map((row) => [row.lane_id, row.seq]));
}

/** In the transaction that opens the date: only what has moved since the floors that are known. */
export async function insertFloors(tx: Queryable, provider: string, date: string): Promise<void> {
  const known = await floorsOf(tx, provider, date);
  const moved = (await allLanes(tx)).filter((lane) => lane.seq > (known.get(lane.laneId) ?? 0n));
  await insertLanes(tx, 'book_open_lane', provider, date, moved);
}

async function insertLanes(
  tx: Queryable,
  table: 'book_cut_lane' | 'book_open_lane',
  provider: string,
  date: string,
  lanes: readonly LaneSeq[],
): Promise<void> {
  if (lanes.length === 0) return;
  const rows = lanes.map((lane) => [provider, lane.laneId, date, lane.seq]);
  await tx.run(`INSERT INTO ${table} (provider, lane_id, book_date, seq) VALUES ?`, [rows]);
}

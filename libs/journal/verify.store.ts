import type { Queryable, Row } from '@yidian/database';
import { FACT_COLUMNS, factOfRow, type FactRow, type StoredFact } from './fact';

/** How far a lane has come: what is walked ends here, whatever is written meanwhile. */
export interface LaneEnd {
  laneId: number;
  batchNo: bigint;
  seq: bigint;
  head: Buffer;
}

export interface BatchRow extends Row {
  batch_no: bigint;
  first_seq: bigint;
  n: number;
  body_hash: Buffer;
  prev: Buffer;
  hash: Buffer;
  anchor_n: bigint;
}

export async function laneEnds(db: Queryable): Promise<LaneEnd[]> {
  const rows = await db.select<{ lane_id: number; batch_no: bigint; seq: bigint; head: Buffer }>(
    'SELECT lane_id, batch_no, seq, head FROM lane ORDER BY lane_id',
  );
  return rows.map((row) => ({ laneId: row.lane_id, batchNo: row.batch_no, seq: row.seq, head: row.head }));
}

export function batchesOf(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<BatchRow[]> {
  return db.select<BatchRow>(
    `SELECT batch_no, first_seq, n, body_hash, prev, hash, anchor_n FROM batch
      WHERE lane_id = ? AND batch_no BETWEEN ? AND ? ORDER BY batch_no`,
    [laneId, from, to],
  );
}

export async function hashOfBatch(db: Queryable, laneId: number, batchNo: bigint): Promise<Buffer | undefined> {
  const sql = 'SELECT hash FROM batch WHERE lane_id = ? AND batch_no = ?';
  return (await db.select<{ hash: Buffer }>(sql, [laneId, batchNo]))[0]?.hash;
}

export async function factsBetween(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<StoredFact[]> {
  if (to < from) return [];
  const sql = `SELECT ${FACT_COLUMNS} FROM fact WHERE lane_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`;
  return (await db.select<FactRow>(sql, [laneId, from, to])).map(factOfRow);
}

/**
 * Lanes with rows outside every batch they have committed; one statement, so that writers at work cause no false alarm.
 * @param table a name out of our own code: it is written into the statement
 */
export async function rowsOutsideBatches(db: Queryable, table: string): Promise<number[]> {
  const rows = await db.select<{ lane_id: number }>(
    `SELECT ends.lane_id FROM (
       SELECT lane_id, MIN(batch_no) AS least, MAX(batch_no) AS most FROM ${table} GROUP BY lane_id) ends
      LEFT JOIN lane l ON l.lane_id = ends.lane_id
      WHERE l.lane_id IS NULL OR ends.least < 1 OR ends.most > l.batch_no ORDER BY ends.lane_id LIMIT 20`,
  );
  return rows.map((row) => row.lane_id);
}

export async function factsOutsideLanes(db: Queryable): Promise<number[]> {
  const rows = await db.select<{ lane_id: number }>(
    `SELECT ends.lane_id FROM (
       SELECT lane_id, MIN(seq) AS least, MAX(seq) AS most FROM fact GROUP BY lane_id) ends
      LEFT JOIN lane l ON l.lane_id = ends.lane_id
      WHERE l.lane_id IS NULL OR ends.least < 1 OR ends.most > l.seq ORDER BY ends.lane_id LIMIT 20`,
  );
  return rows.map((row) => row.lane_id);
}

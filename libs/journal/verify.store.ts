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
    `SELECT batch_no, first_seq, n, body_hash, prev, hash, anchor_n FROM batch FORCE INDEX (PRIMARY)
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
  const sql = `SELECT ${FACT_COLUMNS} FROM fact FORCE INDEX (PRIMARY) WHERE lane_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`;
  return (await db.select<FactRow>(sql, [laneId, from, to])).map(factOfRow);
}

/** A table whose rows say which lane wrote them, and the index that finds them by it. Names out of our own code. */
export interface ChainedTable {
  table: string;
  /** On (lane_id, number). */
  index: string;
  /** batch_no, or seq where facts are numbered. */
  number: 'batch_no' | 'seq';
}

export const BATCHES: ChainedTable = { table: 'batch', index: 'PRIMARY', number: 'batch_no' };
export const FACTS: ChainedTable = { table: 'fact', index: 'PRIMARY', number: 'seq' };

/**
 * Lanes with rows that no batch of theirs accounts for. The ends of each lane are looked up one by one along the index; each
 * statement is one moment, so that writers at work cause no false alarm.
 */
export async function rowsOutsideLanes(db: Queryable, { table, index, number }: ChainedTable): Promise<number[]> {
  const end = (order: 'ASC' | 'DESC') => `(SELECT t.${number} FROM ${table} t FORCE INDEX (${index})
    WHERE t.lane_id = l.lane_id ORDER BY t.${number} ${order} LIMIT 1)`;
  const known = await db.select<{ lane_id: number }>(
    `SELECT l.lane_id FROM lane l
      WHERE COALESCE(${end('DESC')}, 0) > l.${number} OR COALESCE(${end('ASC')}, 1) < 1 ORDER BY l.lane_id LIMIT 20`,
  );
  const strangers = await db.select<{ lane_id: number }>(
    `(SELECT lane_id FROM ${table} FORCE INDEX (${index})
       WHERE lane_id > COALESCE((SELECT MAX(lane_id) FROM lane), 0) ORDER BY lane_id LIMIT 1)
     UNION
     (SELECT lane_id FROM ${table} FORCE INDEX (${index}) WHERE lane_id < 1 ORDER BY lane_id LIMIT 1)`,
  );
  const rows = [...known, ...strangers];
  for (const [after, before] of await gapsBetweenLanes(db))
    rows.push(
      ...(await db.select<{ lane_id: number }>(
        `SELECT lane_id FROM ${table} FORCE INDEX (${index}) WHERE lane_id > ? AND lane_id < ? ORDER BY lane_id LIMIT 1`,
        [after, before],
      )),
    );
  return rows.map((row) => row.lane_id);
}

/** Lanes are numbered without gaps and never removed; where one is gone, its rows may still be there. */
async function gapsBetweenLanes(db: Queryable): Promise<[after: number, before: number][]> {
  const rows = await db.select<{ lane_id: number; before_it: number }>(
    `SELECT l.lane_id, COALESCE((SELECT MAX(p.lane_id) FROM lane p WHERE p.lane_id < l.lane_id), 0) AS before_it
      FROM lane l HAVING before_it <> l.lane_id - 1`,
  );
  return rows.map((row) => [row.before_it, row.lane_id]);
}

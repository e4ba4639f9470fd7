import type { Queryable, Row } from '@yidian/database';
import type { AnchoredHead } from './chain';
import type { LaneEnd } from './verify.store';

/**
 * An anchor ties the heads of all lanes together at a moment; batches quote the latest one, so that neither a lane nor its
 * order against others can be rewritten later. What remains open is the tail since the last anchor that left the house.
 */
export interface Anchor {
  n: bigint;
  prev: Buffer;
  hash: Buffer;
  at: Date;
}

interface HeadRow extends Row {
  lane_id: number;
  batch_no: bigint;
  head: Buffer;
}

export async function latestAnchor(db: Queryable): Promise<Anchor | null> {
  const [anchor] = await db.select<Anchor & Row>('SELECT n, prev, hash, at FROM anchor ORDER BY n DESC LIMIT 1');
  return anchor ?? null;
}

export async function anchorAt(db: Queryable, n: bigint): Promise<Anchor | null> {
  const [anchor] = await db.select<Anchor & Row>('SELECT n, prev, hash, at FROM anchor WHERE n = ?', [n]);
  return anchor ?? null;
}

export function anchorsAfter(db: Queryable, n: bigint, limit: number): Promise<Anchor[]> {
  return db.select<Anchor & Row>('SELECT n, prev, hash, at FROM anchor WHERE n > ? ORDER BY n LIMIT ?', [n, limit]);
}

export async function anchorHashes(db: Queryable, ns: readonly bigint[]): Promise<Map<bigint, Buffer>> {
  if (ns.length === 0) return new Map();
  const rows = await db.select<{ n: bigint; hash: Buffer }>(
    'SELECT n, hash FROM anchor FORCE INDEX (PRIMARY) WHERE n IN (?)',
    [ns],
  );
  return new Map(rows.map((row) => [row.n, row.hash]));
}

export async function insertAnchor(tx: Queryable, anchor: Anchor, heads: readonly AnchoredHead[]): Promise<void> {
  const { n, prev, hash, at } = anchor;
  await tx.run('INSERT INTO anchor (n, prev, hash, at) VALUES (?)', [[n, prev, hash, at]]);
  const rows = heads.map((one) => [one.laneId, n, one.batchNo, one.head]);
  await tx.run('INSERT INTO anchor_head (lane_id, anchor_n, batch_no, head) VALUES ?', [rows]);
}

/** Lanes that moved since they were last anchored. A lane's batch number only grows, so its latest entry has the highest. */
export async function movedHeads(tx: Queryable): Promise<AnchoredHead[]> {
  const rows = await tx.select<HeadRow>(
    `SELECT l.lane_id, l.batch_no, l.head FROM lane l
      WHERE l.batch_no > COALESCE(
        (SELECT h.batch_no FROM anchor_head h WHERE h.lane_id = l.lane_id ORDER BY h.anchor_n DESC LIMIT 1), 0)
      ORDER BY l.lane_id`,
  );
  return rows.map(headOfRow);
}

/** Heads by anchor, `from` to `to`. */
export async function headsBetween(db: Queryable, from: bigint, to: bigint): Promise<Map<bigint, AnchoredHead[]>> {
  const rows = await db.select<HeadRow & { anchor_n: bigint }>(
    `SELECT anchor_n, lane_id, batch_no, head FROM anchor_head WHERE anchor_n BETWEEN ? AND ?
      ORDER BY anchor_n, lane_id`,
    [from, to],
  );
  const heads = new Map<bigint, AnchoredHead[]>();
  for (const row of rows) heads.set(row.anchor_n, [...(heads.get(row.anchor_n) ?? []), headOfRow(row)]);
  return heads;
}

/** Every lane as it stood at an anchor: its latest entry at or before it. */
export async function headsAt(db: Queryable, n: bigint): Promise<AnchoredHead[]> {
  const rows = await db.select<HeadRow>(
    `SELECT h.lane_id, h.batch_no, h.head FROM anchor_head h
      JOIN (SELECT lane_id, MAX(anchor_n) AS n FROM anchor_head WHERE anchor_n <= ? GROUP BY lane_id) latest
        ON latest.lane_id = h.lane_id AND latest.n = h.anchor_n
      ORDER BY h.lane_id`,
    [n],
  );
  return rows.map(headOfRow);
}

/** The same with the number of each lane's last fact: where a walk may be taken up, or end. */
export async function lanesAt(db: Queryable, n: bigint): Promise<LaneEnd[]> {
  const rows = await db.select<HeadRow & { seq: bigint | null }>(
    `SELECT h.lane_id, h.batch_no, h.head, b.first_seq + b.n - 1 AS seq FROM anchor_head h
      JOIN (SELECT lane_id, MAX(anchor_n) AS n FROM anchor_head WHERE anchor_n <= ? GROUP BY lane_id) latest
        ON latest.lane_id = h.lane_id AND latest.n = h.anchor_n
      LEFT JOIN batch b ON b.lane_id = h.lane_id AND b.batch_no = h.batch_no
      ORDER BY h.lane_id`,
    [n],
  );
  return rows.map((row) => ({ ...headOfRow(row), seq: row.seq ?? 0n }));
}

/** Anchored heads that no batch has any more. */
export async function strayHeads(
  db: Queryable,
  from: bigint,
  to: bigint,
): Promise<{ anchorN: bigint; laneId: number }[]> {
  const rows = await db.select<{ anchor_n: bigint; lane_id: number }>(
    `SELECT h.anchor_n, h.lane_id FROM anchor_head h LEFT JOIN batch b
       ON b.lane_id = h.lane_id AND b.batch_no = h.batch_no AND b.hash = h.head
      WHERE h.anchor_n BETWEEN ? AND ? AND b.lane_id IS NULL LIMIT 20`,
    [from, to],
  );
  return rows.map((row) => ({ anchorN: row.anchor_n, laneId: row.lane_id }));
}

/** Anchors whose heads are there and which are not; one statement, so that one being written is no finding. */
export async function anchorsGone(db: Queryable, after: bigint): Promise<bigint[]> {
  const rows = await db.select<{ n: bigint }>(
    `SELECT DISTINCT h.anchor_n AS n FROM anchor_head h LEFT JOIN anchor a ON a.n = h.anchor_n
      WHERE h.anchor_n > ? AND a.n IS NULL ORDER BY h.anchor_n LIMIT 20`,
    [after],
  );
  return rows.map((row) => row.n);
}

const headOfRow = (row: HeadRow): AnchoredHead => ({ laneId: row.lane_id, batchNo: row.batch_no, head: row.head });

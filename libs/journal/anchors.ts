import { isDuplicateKey, type Db, type Queryable } from '@yidian/database';
import { anchorHash, ZERO_HASH, type AnchoredHead } from './chain';

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

/** Each minute and at day close. Null when no lane has moved since the last one. */
export async function writeAnchor(db: Db): Promise<Anchor | null> {
  try {
    return await db.transaction(async (tx) => {
      const last = await latestAnchor(tx);
      const heads = await movedHeads(tx);
      if (heads.length === 0) return null;
      const n = (last?.n ?? 0n) + 1n;
      const prev = last?.hash ?? ZERO_HASH;
      const anchor = { n, prev, hash: anchorHash(prev, n, heads), at: new Date() };
      await tx.run('INSERT INTO anchor (n, prev, hash, at) VALUES (?)', [[n, prev, anchor.hash, anchor.at]]);
      const rows = heads.map((one) => [one.laneId, n, one.batchNo, one.head]);
      await tx.run('INSERT INTO anchor_head (lane_id, anchor_n, batch_no, head) VALUES ?', [rows]);
      return anchor;
    });
  } catch (error) {
    // Another process wrote this one.
    if (isDuplicateKey(error)) return latestAnchor(db);
    throw error;
  }
}

export async function latestAnchor(db: Queryable): Promise<Anchor | null> {
  const [anchor] = await db.select<Anchor & Record<string, unknown>>(
    'SELECT n, prev, hash, at FROM anchor ORDER BY n DESC LIMIT 1',
  );
  return anchor ?? null;
}

/** What is signed and exported at day close. */
export async function anchorText(db: Queryable, anchor: Anchor): Promise<string> {
  const heads = await headsOf(db, anchor.n);
  return [
    `anchor|${anchor.n}|${anchor.prev.toString('hex')}|${anchor.hash.toString('hex')}|${anchor.at.toISOString()}`,
    ...heads.map((one) => `lane|${one.laneId}|${one.batchNo}|${one.head.toString('hex')}`),
    '',
  ].join('\n');
}

interface HeadRow extends Record<string, unknown> {
  lane_id: number;
  batch_no: bigint;
  head: Buffer;
}

export async function headsOf(db: Queryable, n: bigint): Promise<AnchoredHead[]> {
  const sql = 'SELECT lane_id, batch_no, head FROM anchor_head WHERE anchor_n = ? ORDER BY lane_id';
  return (await db.select<HeadRow>(sql, [n])).map(headOfRow);
}

async function movedHeads(tx: Queryable): Promise<AnchoredHead[]> {
  const rows = await tx.select<HeadRow>(
    `SELECT l.lane_id, l.batch_no, l.head FROM lane l
      WHERE l.batch_no > COALESCE((SELECT MAX(h.batch_no) FROM anchor_head h WHERE h.lane_id = l.lane_id), 0)
      ORDER BY l.lane_id`,
  );
  return rows.map(headOfRow);
}

const headOfRow = (row: HeadRow): AnchoredHead => ({ laneId: row.lane_id, batchNo: row.batch_no, head: row.head });

export interface AnchorClock {
  stop(): void;
}

/** Writes an anchor each minute. A missed one is no loss: the next covers what it would have. */
export function keepAnchors(db: Db, onError: (error: unknown) => void, everyMs = 60_000): AnchorClock {
  const timer = setInterval(() => void writeAnchor(db).catch(onError), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

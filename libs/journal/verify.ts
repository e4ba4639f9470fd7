import type { Db } from '@yidian/database';
import { headsOf } from './anchors';
import { anchorHash, batchHash, bodyHash, ZERO_HASH } from './chain';
import { FACT_COLUMNS, factOfRow, factText, type FactRow } from './fact';

export interface HashSource {
  /** Every row that was given to `LaneTx.hash` in these batches, as the very same text. */
  rows(db: Db, laneId: number, fromBatch: bigint, toBatch: bigint): Promise<{ batchNo: bigint; row: string }[]>;
}

export interface ChainReport {
  ok: boolean;
  /** The first thing that does not hold, or what was checked. */
  detail: string;
}

interface BatchRow extends Record<string, unknown> {
  batch_no: bigint;
  first_seq: bigint;
  n: number;
  body_hash: Buffer;
  prev: Buffer;
  hash: Buffer;
  anchor_n: bigint;
}

const PAGE = 500;

class Broken extends Error {}

/** Recomputes every batch hash, chain and anchor from the rows. Reads page by page; writers may go on meanwhile. */
export async function verifyChains(db: Db, sources: readonly HashSource[] = []): Promise<ChainReport> {
  try {
    // Lanes first: what they had committed by now quotes only anchors that are there already.
    const lanes = await db.select<{ lane_id: number; seq: bigint; batch_no: bigint; head: Buffer }>(
      'SELECT lane_id, seq, batch_no, head FROM lane ORDER BY lane_id',
    );
    const anchors = await verifyAnchors(db);
    let batches = 0n;
    for (const lane of lanes) {
      await verifyLane(db, sources, anchors, lane);
      batches += lane.batch_no;
    }
    return { ok: true, detail: `${lanes.length} lanes, ${batches} batches, ${anchors.size - 1} anchors` };
  } catch (error) {
    if (error instanceof Broken) return { ok: false, detail: error.message };
    throw error;
  }
}

async function verifyAnchors(db: Db): Promise<Map<bigint, Buffer>> {
  const hashes = new Map<bigint, Buffer>([[0n, ZERO_HASH]]);
  const rows = await db.select<{ n: bigint; prev: Buffer; hash: Buffer }>(
    'SELECT n, prev, hash FROM anchor ORDER BY n',
  );
  let last = ZERO_HASH;
  for (const row of rows) {
    const heads = await headsOf(db, row.n);
    if (row.n !== BigInt(hashes.size)) throw new Broken(`anchor ${hashes.size} is missing`);
    if (!row.prev.equals(last) || !row.hash.equals(anchorHash(last, row.n, heads)))
      throw new Broken(`anchor ${row.n} does not follow from its heads`);
    await assertHeadsAreBatches(db, row.n);
    hashes.set(row.n, row.hash);
    last = row.hash;
  }
  return hashes;
}

async function assertHeadsAreBatches(db: Db, n: bigint): Promise<void> {
  const strays = await db.select<{ lane_id: number }>(
    `SELECT h.lane_id FROM anchor_head h LEFT JOIN batch b
       ON b.lane_id = h.lane_id AND b.batch_no = h.batch_no AND b.hash = h.head
      WHERE h.anchor_n = ? AND b.lane_id IS NULL`,
    [n],
  );
  if (strays[0]) throw new Broken(`anchor ${n}: lane ${strays[0].lane_id} no longer has the head it was anchored with`);
}

interface LaneEnd {
  lane_id: number;
  seq: bigint;
  batch_no: bigint;
  head: Buffer;
}

async function verifyLane(
  db: Db,
  sources: readonly HashSource[],
  anchors: ReadonlyMap<bigint, Buffer>,
  lane: LaneEnd,
): Promise<void> {
  let prev = ZERO_HASH;
  let seq = 0n;
  for (let from = 1n; from <= lane.batch_no; from += BigInt(PAGE)) {
    const to = from + BigInt(PAGE) - 1n < lane.batch_no ? from + BigInt(PAGE) - 1n : lane.batch_no;
    const batches = await batchesOf(db, lane.lane_id, from, to);
    if (BigInt(batches.length) !== to - from + 1n) throw new Broken(`lane ${lane.lane_id}: a batch is missing`);
    const rows = await bodiesOf(db, sources, lane.lane_id, batches);
    for (const batch of batches) {
      prev = verifyBatch(lane.lane_id, batch, prev, seq, rows.get(batch.batch_no) ?? [], anchors);
      seq += BigInt(batch.n);
    }
  }
  if (!prev.equals(lane.head) || seq !== lane.seq)
    throw new Broken(`lane ${lane.lane_id}: its head is not its last batch`);
}

function verifyBatch(
  laneId: number,
  batch: BatchRow,
  prev: Buffer,
  seq: bigint,
  rows: readonly string[],
  anchors: ReadonlyMap<bigint, Buffer>,
): Buffer {
  const name = `lane ${laneId}, batch ${batch.batch_no}`;
  const anchorHash = anchors.get(batch.anchor_n);
  if (!anchorHash) throw new Broken(`${name}: quotes an anchor that is not there`);
  if (batch.first_seq !== seq + 1n) throw new Broken(`${name}: its numbers do not follow`);
  if (!batch.body_hash.equals(bodyHash(rows))) throw new Broken(`${name}: its rows are not the rows that were written`);
  const hash = batchHash({
    prev,
    laneId,
    batchNo: batch.batch_no,
    firstSeq: batch.first_seq,
    n: batch.n,
    body: batch.body_hash,
    anchorN: batch.anchor_n,
    anchorHash,
  });
  if (!batch.prev.equals(prev) || !batch.hash.equals(hash)) throw new Broken(`${name}: the chain is broken`);
  return hash;
}

function batchesOf(db: Db, laneId: number, from: bigint, to: bigint): Promise<BatchRow[]> {
  return db.select<BatchRow>(
    `SELECT batch_no, first_seq, n, body_hash, prev, hash, anchor_n FROM batch
      WHERE lane_id = ? AND batch_no BETWEEN ? AND ? ORDER BY batch_no`,
    [laneId, from, to],
  );
}

async function bodiesOf(
  db: Db,
  sources: readonly HashSource[],
  laneId: number,
  batches: readonly BatchRow[],
): Promise<Map<bigint, string[]>> {
  const bodies = new Map<bigint, string[]>(batches.map((batch) => [batch.batch_no, []]));
  const [first, last] = [batches[0], batches.at(-1)];
  if (!first || !last) return bodies;
  for (const source of sources)
    for (const { batchNo, row } of await source.rows(db, laneId, first.batch_no, last.batch_no))
      bodies.get(batchNo)?.push(row);
  const facts = await db.select<FactRow>(
    `SELECT ${FACT_COLUMNS} FROM fact WHERE lane_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`,
    [laneId, first.first_seq, last.first_seq + BigInt(last.n) - 1n],
  );
  let index = 0;
  for (const row of facts) {
    while ((batches[index]?.first_seq ?? 0n) + BigInt(batches[index]?.n ?? 0) <= row.seq) index++;
    bodies.get(batches[index]?.batch_no ?? 0n)?.push(factText(factOfRow(row)));
  }
  return bodies;
}

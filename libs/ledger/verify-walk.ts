import type { Db } from '@yidian/database';
import {
  LANE_START,
  Meter,
  PageSize,
  verifyChains,
  type ChainedTable,
  type ChainReport,
  type HashSource,
  type LaneEnd,
  type LanePoint,
  type Pace,
} from '@yidian/journal';
import { createHash } from 'node:crypto';
import { ledgerSource } from './hash-source';
import { transfersOfBatches, type TransferRow } from './ledger.store';
import { balancesAfter } from './snapshots.store';
import type { Basis } from './verify-basis';
import type { HeldBalance } from './verify.store';

export interface WalkOptions extends Pace {
  /** What else the lanes have hashed. */
  sources?: readonly HashSource[];
}

const TABLES: readonly ChainedTable[] = [
  { table: 'posting', index: 'posting_batch', number: 'batch_no' },
  { table: 'transfer', index: 'PRIMARY', number: 'batch_no' },
];

/** Every hash of a stretch of lanes; the transfers are handed out in passing. */
export function walkHashed(
  db: Db,
  basis: Basis,
  ends: readonly LaneEnd[],
  options: WalkOptions,
  each: (row: TransferRow) => void,
): Promise<ChainReport> {
  const source: HashSource = { ...ledgerSource((rows) => rows.forEach(each)), tables: TABLES };
  const from = basis.start ? { from: basis.start } : {};
  return verifyChains(db, [source, ...(options.sources ?? [])], { ...options, ...from, ends });
}

/** From where to where lanes are walked. */
export interface Stretch {
  starts: ReadonlyMap<number, LanePoint>;
  ends: readonly LaneEnd[];
}

/** All transfers of a stretch, lane by lane and page by page, without a look at their hashes. */
export async function eachTransfer(
  db: Db,
  { starts, ends }: Stretch,
  each: (row: TransferRow) => void,
  pace: Pace = {},
): Promise<void> {
  const startOf = ({ laneId }: LaneEnd): bigint => (starts.get(laneId) ?? LANE_START).batchNo;
  const meter = new Meter(
    ends.reduce((sum, end) => sum + end.batchNo - startOf(end), 0n),
    pace,
  );
  const size = new PageSize(pace.pageRows);
  for (const end of ends)
    for (let at = startOf(end); at < end.batchNo;) {
      const to = at + size.next < end.batchNo ? at + size.next : end.batchNo;
      const rows = await transfersOfBatches(db, end.laneId, at + 1n, to);
      rows.forEach(each);
      size.learn(Number(to - at), rows.length);
      await meter.page(to - at, rows.length, 0);
      at = to;
    }
}

const PAGE = 2_000;

/** Every balance of a snapshot, and the hash over all of them. */
export async function eachSnapshotBalance(
  db: Db,
  day: string,
  each: (held: HeldBalance) => void,
  pace: Pace = {},
): Promise<{ rows: bigint; hash: Buffer }> {
  const hash = createHash('sha256');
  let rows = 0n;
  for (let after = { id: '', currency: '' }; ;) {
    const page = await balancesAfter(db, day, after, PAGE);
    for (const held of page) {
      hash.update(`${held.id}|${held.currency}|${held.balance}\n`);
      each(held);
    }
    rows += BigInt(page.length);
    await pace.breathe?.();
    const last = page.at(-1);
    if (!last || page.length < PAGE) return { rows, hash: hash.digest() };
    after = last;
  }
}

import type { FactKind } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';
import { floorsOf, type LaneSeq } from './books.store';

export interface KindTotal {
  kind: FactKind;
  count: number;
  amount: bigint;
}

/** Facts that one statement looks at: a read view held open for a whole day would stop the purge behind the sweeps. */
const STEP = 500_000n;

/**
 * The sums of a book, recomputed from what carries its date up to `ends`: its vector once frozen, the lanes' heads before.
 * Read along the primary key from where the date was opened; an index by provider and date would be paid for by every fact.
 */
export async function totalsUpTo(
  db: Queryable,
  provider: string,
  date: string,
  ends: readonly LaneSeq[],
): Promise<KindTotal[]> {
  const floors = await floorsOf(db, provider, date);
  const totals = new Map<FactKind, KindTotal>();
  for (const { laneId, seq } of ends)
    for (let after = floors.get(laneId) ?? 0n; after < seq; after += STEP)
      for (const part of await stretch(db, { provider, date, laneId, after, upTo: lower(after + STEP, seq) })) {
        const before = totals.get(part.kind) ?? { kind: part.kind, count: 0, amount: 0n };
        totals.set(part.kind, {
          kind: part.kind,
          count: before.count + part.count,
          amount: before.amount + part.amount,
        });
      }
  return [...totals.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

interface Stretch {
  provider: string;
  date: string;
  laneId: number;
  after: bigint;
  upTo: bigint;
}

async function stretch(db: Queryable, { provider, date, laneId, after, upTo }: Stretch): Promise<KindTotal[]> {
  const rows = await db.select<{ kind: string; n: bigint; total: string }>(
    `SELECT kind, COUNT(*) AS n, SUM(amount) AS total FROM fact FORCE INDEX (PRIMARY)
      WHERE lane_id = ? AND seq > ? AND seq <= ? AND provider = ? AND book_date = ? GROUP BY kind`,
    [laneId, after, upTo, provider, date],
  );
  return rows.map((row) => ({ kind: row.kind as FactKind, count: Number(row.n), amount: BigInt(row.total) }));
}

const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);

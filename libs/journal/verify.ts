import type { Db } from '@yidian/database';
import { anchorsAfter, anchorsGone, headsAt, headsBetween, strayHeads, type Anchor } from './anchors.store';
import { anchorHash, ZERO_HASH } from './chain';
import { Findings, Meter, type Pace, type Progress } from './findings';
import { LANE_START, LaneWalk, type HashSource, type LanePoint } from './lane-walk';
import { checkSeal } from './seals';
import { sealsBetween } from './seals.store';
import { BATCHES, FACTS, laneEnds, rowsOutsideLanes, type LaneEnd } from './verify.store';

export type { HashSource } from './lane-walk';

export interface ChainReport {
  ok: boolean;
  /** What does not hold, or what was checked. */
  detail: string;
  findings: readonly string[];
  walked: Progress;
}

/** Where a walk is taken up instead of at the first batch. */
export interface ChainStart {
  anchor: Pick<Anchor, 'n' | 'hash'>;
  lanes: ReadonlyMap<number, LanePoint>;
}

export interface ChainOptions extends Pace {
  /** Where every lane is walked to, as it was read earlier; left out: where they stand now. */
  ends?: readonly LaneEnd[];
  from?: ChainStart;
}

const ANCHORS_PER_PAGE = 200;

/**
 * Recomputes every batch hash, chain and anchor from the rows, up to where the lanes stood at the beginning: writers may go
 * on meanwhile. Needs memory for two pages, however many rows there are.
 */
export async function verifyChains(
  db: Db,
  sources: readonly HashSource[] = [],
  options: ChainOptions = {},
): Promise<ChainReport> {
  const findings = new Findings();
  // Lanes first: what they had committed by now quotes only anchors that are there already.
  const ends = options.ends ?? (await laneEnds(db));
  const starts = options.from?.lanes ?? new Map<number, LanePoint>();
  const startOf = ({ laneId }: LaneEnd): LanePoint => starts.get(laneId) ?? LANE_START;
  const batches = ends.reduce((sum, end) => sum + end.batchNo - startOf(end).batchNo, 0n);
  const meter = new Meter(batches, options);
  const anchors = await verifyAnchors(db, findings, options.from?.anchor ?? { n: 0n, hash: ZERO_HASH });
  const walk = new LaneWalk(db, sources, findings, meter, options.pageRows);
  for (const end of ends) await walk.follow(end, startOf(end));
  await verifyNothingElse(db, sources, findings);
  meter.tell();
  const checked = `${ends.length} lanes, ${batches} batches, ${anchors} anchors`;
  return {
    ok: findings.none,
    detail: findings.none ? checked : findings.text(),
    findings: findings.list,
    walked: meter.walked(),
  };
}

/** @returns how many anchors were looked at */
async function verifyAnchors(db: Db, findings: Findings, from: ChainStart['anchor']): Promise<number> {
  const standing = new Map((await headsAt(db, from.n)).map((head) => [head.laneId, head]));
  let last = from;
  let count = 0;
  for (;;) {
    const page = await anchorsAfter(db, last.n, ANCHORS_PER_PAGE);
    const [first, end] = [page[0], page.at(-1)];
    if (!first || !end) break;
    const heads = await headsBetween(db, first.n, end.n);
    const seals = await sealsBetween(db, first.n, end.n);
    for (const anchor of page) {
      if (anchor.n !== last.n + 1n) findings.add(`anchor ${last.n + 1n} is missing`);
      if (
        !anchor.prev.equals(last.hash) ||
        !anchor.hash.equals(anchorHash(anchor.prev, anchor.n, heads.get(anchor.n) ?? []))
      )
        findings.add(`anchor ${anchor.n} does not follow from its heads`);
      for (const head of heads.get(anchor.n) ?? []) standing.set(head.laneId, head);
      const seal = seals.get(anchor.n);
      if (seal && !checkSeal(seal, anchor, [...standing.values()]).ok)
        findings.add(`anchor ${anchor.n} is not what ${seal.keyId} signed`);
      last = anchor;
      count += 1;
    }
    for (const { anchorN, laneId } of await strayHeads(db, first.n, end.n))
      findings.add(`anchor ${anchorN}: lane ${laneId} no longer has the head it was anchored with`);
  }
  for (const n of await anchorsGone(db, last.n)) findings.add(`anchor ${n} is missing`);
  return count;
}

/** A row that no batch of a lane accounts for is in no hash, but whoever reads the table meets it. */
async function verifyNothingElse(db: Db, sources: readonly HashSource[], findings: Findings): Promise<void> {
  for (const chained of [BATCHES, FACTS, ...sources.flatMap((source) => source.tables ?? [])])
    for (const laneId of await rowsOutsideLanes(db, chained))
      findings.add(`${chained.table}: rows of lane ${laneId} that no batch accounts for`);
}

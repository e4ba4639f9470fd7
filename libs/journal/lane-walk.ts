import type { Db } from '@yidian/database';
import { anchorHashes } from './anchors.store';
import { batchHash, bodyHash, ZERO_HASH } from './chain';
import { factText } from './fact';
import { PageSize, type Findings, type Meter } from './findings';
import { batchesOf, factsBetween, type BatchRow, type ChainedTable, type LaneEnd } from './verify.store';

export interface HashSource {
  /** Every row that was given to `LaneTx.hash` in these batches, as the very same text. */
  rows(db: Db, laneId: number, fromBatch: bigint, toBatch: bigint): Promise<{ batchNo: bigint; row: string }[]>;
  /** Where they lie: a row there that belongs to no batch was not written by a lane. */
  readonly tables?: readonly ChainedTable[];
}

/** Where a lane is taken up: everything to here is proved elsewhere. */
export interface LanePoint {
  batchNo: bigint;
  seq: bigint;
  head: Buffer;
}

export const LANE_START: LanePoint = { batchNo: 0n, seq: 0n, head: ZERO_HASH };

interface Page {
  from: bigint;
  to: bigint;
  batches: Map<bigint, BatchRow>;
  bodies: Map<bigint, string[]>;
  anchors: Map<bigint, Buffer>;
}

/**
 * Follows one lane from point to point, page by page through primary keys, each page a few short reads of their own: no
 * read view stays open, however long the lane. After a finding the walk goes on from what is stored, so that one damage is
 * named once and what lies behind it is still looked at.
 */
export class LaneWalk {
  private readonly size: PageSize;

  constructor(
    private readonly db: Db,
    private readonly sources: readonly HashSource[],
    private readonly findings: Findings,
    private readonly meter: Meter,
    pageRows?: number,
  ) {
    this.size = new PageSize(pageRows);
  }

  async follow(end: LaneEnd, start: LanePoint): Promise<void> {
    let at = start;
    let coming = at.batchNo < end.batchNo ? this.read(end, at.batchNo) : undefined;
    while (coming) {
      const page = await coming;
      coming = page.to < end.batchNo ? this.readAhead(end, page.to) : undefined;
      at = this.check(end.laneId, page, at);
      await this.meter.page(page.to - page.from + 1n, rowsOf(page), bytesOf(page));
    }
    if (at.batchNo !== end.batchNo || !at.head.equals(end.head) || at.seq !== end.seq)
      this.findings.add(`lane ${end.laneId}: its head is not its last batch`);
  }

  /** Hashing this page and reading the next take turns otherwise. */
  private readAhead(end: LaneEnd, after: bigint): Promise<Page> {
    const page = this.read(end, after);
    page.catch(() => undefined); // awaited, and thrown, at the top of the loop
    return page;
  }

  private async read({ laneId, batchNo: last }: LaneEnd, after: bigint): Promise<Page> {
    const [from, full] = [after + 1n, after + this.size.next];
    const to = full < last ? full : last;
    const rows = await batchesOf(this.db, laneId, from, to);
    const batches = new Map(rows.map((row) => [row.batch_no, row]));
    const page = { from, to, batches, bodies: new Map<bigint, string[]>() };
    for (const source of this.sources)
      for (const { batchNo, row } of await source.rows(this.db, laneId, from, to)) bodyOf(page, batchNo).push(row);
    await this.readFacts(laneId, rows, page);
    const quoted = [...new Set(rows.map((row) => row.anchor_n))];
    const anchors = new Map([[0n, ZERO_HASH], ...(await anchorHashes(this.db, quoted))]);
    this.size.learn(rows.length, rowsOf(page));
    return { ...page, anchors };
  }

  private async readFacts(laneId: number, rows: readonly BatchRow[], page: Pick<Page, 'bodies'>): Promise<void> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return;
    let index = 0;
    for (const fact of await factsBetween(this.db, laneId, first.first_seq, afterOf(last) - 1n)) {
      for (let row = rows[index]; row && afterOf(row) <= fact.seq; row = rows[index]) index++;
      bodyOf(page, rows[index]?.batch_no ?? 0n).push(factText(fact));
    }
  }

  private check(laneId: number, page: Page, start: LanePoint): LanePoint {
    let at = start;
    for (let batchNo = page.from; batchNo <= page.to; batchNo++) {
      const batch = page.batches.get(batchNo);
      if (!batch) {
        this.findings.add(`lane ${laneId}, batch ${batchNo}: it is missing`);
        const next = page.batches.get(batchNo + 1n);
        at = { batchNo, seq: next ? next.first_seq - 1n : at.seq, head: next?.prev ?? at.head };
        continue;
      }
      const problem = problemOf(laneId, batch, at, page);
      if (problem !== undefined) this.findings.add(`lane ${laneId}, batch ${batchNo}: ${problem}`);
      at = { batchNo, seq: afterOf(batch) - 1n, head: batch.hash };
    }
    return at;
  }
}

function problemOf(laneId: number, batch: BatchRow, at: LanePoint, page: Page): string | undefined {
  const anchorHash = page.anchors.get(batch.anchor_n);
  if (!anchorHash) return `quotes anchor ${batch.anchor_n}, which is not there`;
  if (batch.first_seq !== at.seq + 1n) return 'its numbers do not follow';
  if (!batch.body_hash.equals(bodyHash(page.bodies.get(batch.batch_no) ?? [])))
    return 'its rows are not the rows that were written';
  const hash = batchHash({
    prev: at.head,
    laneId,
    batchNo: batch.batch_no,
    firstSeq: batch.first_seq,
    n: batch.n,
    body: batch.body_hash,
    anchorN: batch.anchor_n,
    anchorHash,
  });
  return batch.prev.equals(at.head) && batch.hash.equals(hash) ? undefined : 'the chain is broken';
}

/** The number that follows a batch's last fact. */
const afterOf = (batch: BatchRow): bigint => batch.first_seq + BigInt(batch.n);

function bodyOf({ bodies }: Pick<Page, 'bodies'>, batchNo: bigint): string[] {
  const body = bodies.get(batchNo) ?? [];
  bodies.set(batchNo, body);
  return body;
}

function rowsOf({ bodies }: Pick<Page, 'bodies'>): number {
  let rows = 0;
  for (const body of bodies.values()) rows += body.length;
  return rows;
}

function bytesOf({ bodies }: Page): number {
  let bytes = 0;
  for (const body of bodies.values()) for (const row of body) bytes += row.length;
  return bytes;
}

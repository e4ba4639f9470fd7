import type { CutReply, LanesReply, OpenDateReply, PullReply, TotalsReply } from '@yidian/contracts';
import { isDuplicateKey, type Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { totalsUpTo } from './book-totals.store';
import { allLanes, bumpEpoch, cutOf, insertDay, insertFloors, openDateOf, vectorAt, type Cut } from './books.store';
import { Closer } from './cut';
import { factLines, seqOfLine } from './fact-lines.store';

export interface BooksOptions {
  /** A lane that stands still for so long on our own monotonic clock is closed by the cut. Default 10 s. */
  standStillMs?: number;
  /** How long one `cut` call waits for lanes before it answers `cutting`. Default 2 s. */
  waitMs?: number;
}

/** A number is missing in a lane. Never skipped: what is missing may be money. */
export class GapInLane extends Error {
  override readonly name = 'GapInLane';
}

/** The books.* words, spoken alike by every service that keeps a book. */
export class Books {
  private readonly closer: Closer;

  constructor(
    private readonly db: Db,
    options: BooksOptions = {},
  ) {
    this.closer = new Closer(db, { standStillMs: options.standStillMs ?? 10_000, waitMs: options.waitMs ?? 2_000 });
  }

  /** Creates the provider's open day if it has none; otherwise leaves it. Lanes see it from their next batch on. */
  async ensureProvider(provider: string, openDate: string): Promise<void> {
    if ((await openDateOf(this.db, provider)) !== undefined) return;
    try {
      await this.db.transaction(async (tx) => {
        await bumpEpoch(tx);
        await insertDay(tx, provider, openDate);
        await insertFloors(tx, provider, openDate);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async openDate(provider: string): Promise<OpenDateReply> {
    const openDate = await openDateOf(this.db, provider);
    if (openDate === undefined) throw new Problem('provider_unknown', { detail: `No book is kept for ${provider}.` });
    return { provider, openDate };
  }

  /** Closes (provider, date) or resumes the closing. Call again while it answers `cutting`. */
  async cut(provider: string, date: string): Promise<CutReply> {
    return this.reply(provider, date, await this.closer.cut(provider, date));
  }

  /** Null: no cut of this date was ever begun. */
  async vector(provider: string, date: string): Promise<CutReply | null> {
    const cut = await cutOf(this.db, provider, date);
    return cut ? this.reply(provider, date, cut) : null;
  }

  async lanes(): Promise<LanesReply> {
    const lanes = await allLanes(this.db);
    return { lanes: lanes.map((lane) => ({ ...lane, seq: String(lane.seq) })) };
  }

  /**
   * Facts of a lane after a sequence number, dense and in order. The key makes their numbers rise one by one or more, so the
   * first and the last say whether one is missing.
   */
  async pull(laneId: number, after: bigint, limit: number): Promise<PullReply> {
    const lines = await factLines(this.db, laneId, after, limit);
    const [first, last] = [lines[0], lines.at(-1)];
    const [fromSeq, toSeq] = [after + 1n, after + BigInt(lines.length)];
    if (first !== undefined && last !== undefined && (seqOfLine(first) !== fromSeq || seqOfLine(last) !== toSeq))
      throw new GapInLane(
        `lane ${laneId}: ${seqOfLine(first)} to ${seqOfLine(last)} in place of ${fromSeq} to ${toSeq}`,
      );
    const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    return { fromSeq: String(fromSeq), toSeq: String(toSeq), n: lines.length, text };
  }

  /** Recomputed from the facts: within the vector once frozen, so far while open. */
  async totals(provider: string, date: string): Promise<TotalsReply> {
    const frozen = (await cutOf(this.db, provider, date))?.state === 'frozen';
    const ends = await (frozen ? vectorAt(this.db, provider, date) : allLanes(this.db));
    const totals = await totalsUpTo(this.db, provider, date, ends);
    return { totals: totals.map((total) => ({ ...total, amount: String(total.amount) })) };
  }

  private async reply(provider: string, date: string, cut: Cut): Promise<CutReply> {
    const vector = cut.state === 'frozen' ? await vectorAt(this.db, provider, date) : [];
    return {
      state: cut.state,
      epoch: Number(cut.epoch),
      vector: vector.map((entry) => ({ laneId: entry.laneId, seq: String(entry.seq) })),
    };
  }
}

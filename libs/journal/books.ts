import type { BookFact, CutReply, LanesReply, OpenDateReply, PullReply, TotalsReply } from '@yidian/contracts';
import { isDuplicateKey, type Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { totalsUpTo } from './book-totals.store';
import {
  allLanes,
  bumpEpoch,
  cutOf,
  factsAfter,
  insertDay,
  insertFloors,
  openDateOf,
  vectorAt,
  type Cut,
} from './books.store';
import { Closer } from './cut';
import type { StoredFact } from './fact';

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

  /** Facts of a lane after a sequence number, dense and in order. */
  async pull(laneId: number, after: bigint, limit: number): Promise<PullReply> {
    const facts = await factsAfter(this.db, laneId, after, limit);
    facts.forEach((fact, index) => {
      const expected = after + BigInt(index) + 1n;
      if (fact.seq !== expected) throw new GapInLane(`lane ${laneId}: expected ${expected}, found ${fact.seq}`);
    });
    return { facts: facts.map(bookFact) };
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

function bookFact(fact: StoredFact): BookFact {
  return {
    ...fact,
    seq: String(fact.seq),
    amount: String(fact.amount),
    occurredAt: fact.occurredAt.toISOString(),
  };
}

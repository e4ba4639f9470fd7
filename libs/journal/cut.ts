import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { writeAnchor } from './anchors';
import {
  allLanes,
  bumpEpoch,
  closeStanding,
  cutOf,
  cuttingDates,
  freezeCut,
  insertCut,
  insertFloors,
  insertVector,
  lanesBehind,
  moveDay,
  openDateOf,
  vectorAt,
  type Cut,
  type LaneStand,
} from './books.store';

/**
 * Freezes the book of (provider, date). No fact of that date can appear once it is frozen: every lane has either
 * acknowledged the new epoch, and with it the next date, or was closed and can commit nothing more. The cut never goes
 * around a lane that has done neither. Any closer resumes where another stopped.
 */
export interface CutOptions {
  standStillMs: number;
  waitMs: number;
}

const POLL_MS = 25;

export class Closer {
  /** When a lane was first seen at its position, on our own monotonic clock. A position never comes back: beat only grows. */
  private readonly seen = new Map<number, { stand: LaneStand; since: number }>();

  constructor(
    private readonly db: Db,
    private readonly options: CutOptions,
  ) {}

  async cut(provider: string, date: string): Promise<Cut> {
    const cut = (await cutOf(this.db, provider, date)) ?? (await this.start(provider, date));
    if (cut.state === 'frozen') return cut;
    const deadline = performance.now() + this.options.waitMs;
    while (!(await this.acknowledged(cut.epoch))) {
      if (performance.now() > deadline) return cut;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    await this.freeze(provider, date);
    await writeAnchor(this.db);
    return { ...cut, state: 'frozen' };
  }

  /** The epoch row comes first: it orders closers among themselves and against lanes that open. */
  private start(provider: string, date: string): Promise<Cut> {
    return this.db.transaction(async (tx) => {
      const epoch = await bumpEpoch(tx);
      const already = await cutOf(tx, provider, date);
      if (already) return already;
      await assertMayStart(tx, provider, date);
      if ((await moveDay(tx, provider, date, nextDate(date))) !== 1) throw new Problem('state_conflict');
      await insertFloors(tx, provider, nextDate(date));
      await insertCut(tx, provider, date, epoch);
      return { epoch, state: 'cutting' };
    });
  }

  private async acknowledged(epoch: bigint): Promise<boolean> {
    const behind = await lanesBehind(this.db, epoch);
    const now = performance.now();
    for (const stand of behind) {
      const known = this.seen.get(stand.laneId);
      if (!known || known.stand.batchNo !== stand.batchNo || known.stand.beat !== stand.beat)
        this.seen.set(stand.laneId, { stand, since: now });
      else if (now - known.since >= this.options.standStillMs) await closeStanding(this.db, stand);
    }
    return behind.length === 0;
  }

  private freeze(provider: string, date: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      // Another closer may have been faster; its vector stands.
      if ((await freezeCut(tx, provider, date)) !== 1) return;
      const latest = new Map((await vectorAt(tx, provider, date)).map((entry) => [entry.laneId, entry.seq]));
      const moved = (await allLanes(tx)).filter((lane) => lane.seq > (latest.get(lane.laneId) ?? 0n));
      await insertVector(tx, provider, date, moved);
    });
  }
}

async function assertMayStart(tx: Queryable, provider: string, date: string): Promise<void> {
  const open = await openDateOf(tx, provider);
  if (open === undefined) throw new Problem('provider_unknown', { detail: `No book is kept for ${provider}.` });
  if (open !== date)
    throw new Problem('state_conflict', { detail: `The open date of ${provider} is ${open}, not ${date}.` });
  const cutting = await cuttingDates(tx, provider);
  if (cutting.length > 0)
    throw new Problem('state_conflict', { detail: `${provider} is still closing ${cutting.join(', ')}.` });
}

/** The day after, in the plain calendar: `2026-12-31` → `2027-01-01`. */
export function nextDate(date: string): string {
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

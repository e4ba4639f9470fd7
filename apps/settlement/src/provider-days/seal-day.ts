import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import type { RpcClient } from '@yidian/messaging';
import type { Batch } from '../batches/batch';
import { settleSegments, type SettledDay } from '../items/engine/settle-segments';
import { OpenLines } from '../items/sealed/open-lines';
import { SettledSetsStore } from '../items/sealed/settled-sets.store';
import { digestOf, sumsOf } from '../items/sealed/sums';
import { ItemsStore } from '../items/items.store';
import type { Terms } from '../items/terms';
import { SharedArchive } from '../resources/shared-archive';
import { RECONCILIATION } from '../resources/tokens';

const ASK_MS = 30_000;
/** Below this the threads cost more than they bring. Uncompiled there is no file to start one from. */
const WORTH_THREADS = 50_000;
const MOST_THREADS = 4;
const COMPILED = __filename.endsWith('.js');

/**
 * Settles the lines of a run that reconciliation left in sealed parts, and seals what came of each beside them. What the parts
 * come to goes into the plan as sums; only lines that something speaks of become rows.
 */
@Injectable()
export class SealDay {
  constructor(
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
    private readonly archive: SharedArchive,
    private readonly sets: SettledSetsStore,
    private readonly items: ItemsStore,
    private readonly open: OpenLines,
  ) {}

  /** Null: all lines of the run come page by page. Nothing but files without a row is left of a call that fails. */
  async settle({ provider, day, runId }: Batch, terms: Terms): Promise<SettledDay | null> {
    if (this.archive.folder === undefined || roundsDays(terms)) return null;
    const { set } = await this.reconciliation.call('matched.segments', { runId }, ASK_MS);
    if (!set || set.count === 0) return null;
    const settings = { archive: this.archive.folder, place: ['settled', provider, day], terms, names: set.names };
    const threads = COMPILED && set.count > WORTH_THREADS ? Math.min(MOST_THREADS, availableParallelism()) : 0;
    const settled = await settleSegments(set.segments, settings, threads);
    const count = settled.parts.reduce((sum, { n }) => sum + n, 0);
    if (count !== set.count) throw new Error(`run ${runId} has ${set.count} sealed lines, its parts ${count}`);
    return settled;
  }

  /** With the batch held: in place of whatever an earlier plan of it had sealed and opened. */
  async register(tx: Queryable, { batchId }: Batch, settled: SettledDay | null): Promise<void> {
    if (!settled) return this.sets.register(tx, batchId, '', [], []);
    const parts = settled.parts.filter(({ n }) => n > 0);
    await this.sets.register(tx, batchId, digestOf(parts), parts, sumsOf(settled));
  }

  /**
   * Makes rows of the payments that the plan has to place one by one, in this batch and in those of other days.
   * @param reversed the day's batch that was undone: what refunds have taken of its payments is carried over
   */
  async openFor(batch: Batch, settled: SettledDay | null, named: readonly string[], reversed: string | null) {
    const carried = settled && reversed !== null ? await this.items.touchedNumbers(reversed) : [];
    const differing = settled?.gaps.map(({ paymentNo }) => paymentNo) ?? [];
    await this.open.execute([...named, ...carried, ...differing], batch.batchId);
  }
}

const roundsDays = ({ schedules, provider, date }: Terms): boolean =>
  schedules.some(
    (schedule) =>
      schedule.provider === provider &&
      schedule.roundPer === 'day' &&
      schedule.validFrom <= date &&
      (schedule.validTo === null || schedule.validTo >= date),
  );

import { Inject, Injectable } from '@nestjs/common';
import type { SettleReply } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { RpcClient } from '@yidian/messaging';
import { toDigits } from '@yidian/money';
import type { Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import { PostBatch } from '../batches/post-batch';
import { MonthsStore } from '../months/months.store';
import { DB, RECONCILIATION } from '../resources/tokens';
import { PlanDay, PlanStale } from './plan-day';
import { ProviderDaysStore, type SettleRequest } from './provider-days.store';
import { UndoDay } from './undo-day';

/** Plan, post, undo, begin again; more steps than this mean that two runs fight for the day. */
const MAX_STEPS = 12;

interface Step {
  next: 'plan' | 'post' | 'ask_sign_off' | 'undo' | 'answer';
  batch: Batch;
}

/**
 * Settles every readable line of a run, once. The same run again is answered from its batch; a call after a crash goes on
 * where the rows say. Other inputs before sign-off: the old batch is reversed leg by leg, then the new one is posted.
 * After sign-off nothing of the day moves.
 */
@Injectable()
export class SettleProviderDay {
  private readonly running = new Map<string, Promise<SettleReply>>();

  constructor(
    @Inject(DB) private readonly db: Db,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
    private readonly days: ProviderDaysStore,
    private readonly batches: BatchesStore,
    private readonly planDay: PlanDay,
    private readonly undoDay: UndoDay,
    private readonly postBatch: PostBatch,
    private readonly months: MonthsStore,
  ) {}

  /** Calls for the same run share one execution: the night may ask again while an earlier call is still at work. */
  execute(request: SettleRequest): Promise<SettleReply> {
    const key = JSON.stringify(request);
    const running = this.running.get(key) ?? this.run(request).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  private async run(request: SettleRequest): Promise<SettleReply> {
    let undoAllowed = false;
    for (let n = 1; n <= MAX_STEPS; n++) {
      const { next, batch } = await this.db.transaction((tx) => this.claim(tx, request, undoAllowed));
      if (next === 'answer') return reply(batch, n === 1);
      if (next === 'plan') await this.plan(batch);
      if (next === 'post') await this.postBatch.forward(batch);
      if (next === 'undo') await this.undoDay.execute(batch);
      if (next === 'ask_sign_off') {
        await this.assertNotSignedOff(request.day);
        undoAllowed = true;
      }
    }
    throw new Problem('busy', { detail: `${request.provider} ${request.day} is being settled from other inputs` });
  }

  /** What the day needs next, with the day held; moves it there when rows alone do. */
  private async claim(tx: Queryable, request: SettleRequest, undoAllowed: boolean): Promise<Step> {
    const batch = await this.days.lock(tx, request.provider, request.day);
    if (!batch || batch.state === 'abandoned' || batch.state === 'reversed')
      return { next: 'plan', batch: await this.days.begin(tx, request) };
    if (batch.runId === request.runId && batch.digest !== request.digest)
      throw new Problem('state_conflict', { detail: `run ${request.runId} was settled with another digest` });
    const same = batch.runId === request.runId;
    switch (batch.state) {
      case 'planning':
        if (!same) {
          await this.batches.move(tx, batch.batchId, 'planning', 'abandoned');
          return { next: 'plan', batch: await this.days.begin(tx, request) };
        }
        await this.batches.raiseFence(tx, batch.batchId);
        return { next: 'plan', batch: { ...batch, fence: batch.fence + 1 } };
      case 'posting':
        return { next: 'post', batch };
      case 'settled':
        if (same) return { next: 'answer', batch };
        if (!undoAllowed) return { next: 'ask_sign_off', batch };
        await this.batches.move(tx, batch.batchId, 'settled', 'reversing');
        return { next: 'undo', batch };
      case 'reversing':
        return { next: 'undo', batch };
    }
  }

  private async plan(batch: Batch): Promise<void> {
    try {
      await this.planDay.execute(batch);
    } catch (error) {
      if (!(error instanceof PlanStale)) throw error;
    }
  }

  private async assertNotSignedOff(date: string): Promise<void> {
    if (await this.months.trued(date.slice(0, 7)))
      throw new Problem('state_conflict', {
        detail: `the month of ${date} is trued up; a change needs a date of its own`,
      });
    const night = await this.reconciliation.call('night.status', { date });
    if (night.signedOff)
      throw new Problem('state_conflict', {
        detail: `${date} is signed off; a change needs an adjustment of its own date`,
      });
  }
}

const reply = ({ batchId, totals }: Batch, replay: boolean): SettleReply => ({
  batchId,
  replay,
  principal: toDigits(totals.principal),
  fees: toDigits(totals.fees),
  commissions: toDigits(totals.commissions),
  suspense: toDigits(totals.suspense),
  branches: totals.branches,
});

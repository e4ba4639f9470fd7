import { Inject, Injectable } from '@nestjs/common';
import type { ResolutionPosted } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { NO_TOTALS, type Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import { effectOn, suspense } from '../batches/leg';
import { PostBatch } from '../batches/post-batch';
import { ItemsStore } from '../items/items.store';
import { OpenLines } from '../items/sealed/open-lines';
import type { SettledItem } from '../items/settled-item';
import type { Terms } from '../items/terms';
import { ProviderDaysStore } from '../provider-days/provider-days.store';
import { DB } from '../resources/tokens';
import { batchIdOf, type Resolution } from './resolution';
import { ResolutionsStore } from './resolutions.store';
import { resolveItem, type Resolvable } from './resolve-item';

/** Said by `reason` of a posted answer: the resolution is stored and will be carried out with its provider-day. */
export const WITH_SETTLEMENT = 'with_settlement';

type Stored = { answer: ResolutionPosted; batch?: Batch };

/**
 * Carries an approved resolution out, once per key. The same key again is answered the same way; a refusal is kept. While the
 * provider-day itself is moving nothing is decided: `unknown`, ask again with the same key.
 */
@Injectable()
export class PostResolution {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly days: ProviderDaysStore,
    private readonly resolutions: ResolutionsStore,
    private readonly batches: BatchesStore,
    private readonly items: ItemsStore,
    private readonly postBatch: PostBatch,
    private readonly open: OpenLines,
  ) {}

  async execute(resolution: Resolution, terms: Terms): Promise<ResolutionPosted> {
    const { provider, day, itemId, paymentNo } = resolution;
    // The payment itself is a row: most resolutions are of such. Else it may be sealed, and so may what a refund takes back.
    if (!(await this.items.isPayment(provider, day, itemId))) await this.open.execute([paymentNo]);
    const { answer, batch } = await this.db.transaction((tx) => this.store(tx, resolution, terms));
    if (batch?.state === 'posting') await this.postBatch.forward(batch);
    return answer;
  }

  private async store(tx: Queryable, resolution: Resolution, terms: Terms): Promise<Stored> {
    const day = await this.days.lock(tx, resolution.provider, resolution.day);
    const known = await this.resolutions.find(tx, resolution.key);
    if (known) return this.replay(tx, known, resolution);
    if (day && ['planning', 'posting', 'reversing'].includes(day.state))
      return { answer: answer(resolution, 'unknown', 'settling') };
    if (day?.state !== 'settled') {
      await this.resolutions.add(tx, resolution);
      return { answer: answer(resolution, 'posted', WITH_SETTLEMENT) };
    }
    return this.decide(tx, day, resolution, terms);
  }

  private async replay(tx: Queryable, known: Resolution, asked: Resolution): Promise<Stored> {
    if (known.inputHash !== asked.inputHash) return { answer: answer(asked, 'rejected', 'idempotency_key_reused') };
    const replayed = { ...answer(known, outcomeOf(known), reasonOf(known)), replay: true };
    const batch = known.batchId === '' ? null : await this.batches.find(known.batchId, tx);
    return batch ? { answer: replayed, batch } : { answer: replayed };
  }

  /** The day is settled: the plan of this one resolution is fixed here and posted after the transaction. */
  private async decide(tx: Queryable, day: Batch, resolution: Resolution, terms: Terms): Promise<Stored> {
    const effect = resolveItem(resolution, await this.at(tx, day, resolution), terms);
    if (effect.outcome === 'rejected') {
      await this.resolutions.add(tx, { ...resolution, state: 'rejected', reason: effect.reason });
      return { answer: answer(resolution, 'rejected', effect.reason) };
    }
    const batch: Batch = {
      batchId: batchIdOf(resolution.key),
      kind: 'resolution',
      ...{ provider: day.provider, day: day.day, runId: day.runId, digest: day.digest, actor: resolution.actor },
      state: 'posting',
      fence: 1,
      totals: NO_TOTALS,
    };
    await this.resolutions.add(tx, { ...resolution, state: 'applied', batchId: batch.batchId });
    await this.items.put(
      tx,
      [effect.item, effect.origin].filter((item) => item !== undefined),
    );
    await this.batches.create(tx, batch);
    const legs = effect.legs.map((leg) => ({ ...leg, channel: resolution.channel, items: 1 }));
    await this.batches.addLegs(tx, batch.batchId, legs.length > 0 ? [legs] : []);
    return { answer: answer(resolution, 'posted'), batch };
  }

  /** The line and its payment, both held. */
  private async at(tx: Queryable, day: Batch, resolution: Resolution): Promise<Resolvable> {
    const item = await this.items.lock(tx, day.batchId, resolution.itemId);
    const origin = item && item.amount < 0n ? await this.originOf(tx, resolution.paymentNo) : null;
    return { item, open: item ? await this.openOf(tx, day.provider, item.itemId) : 0n, origin };
  }

  private async openOf(tx: Queryable, provider: string, itemId: string): Promise<bigint> {
    const moving = await this.batches.underWay(tx, provider, itemId);
    const listed = await this.items.open(tx, itemId);
    return moving.reduce((open, leg) => open + effectOn(suspense(provider), leg), listed);
  }

  private async originOf(tx: Queryable, paymentNo: string): Promise<SettledItem | null> {
    const payments = paymentNo === '' ? [] : await this.items.paymentsOf([paymentNo], '');
    const settled = payments.find((payment) => payment.place === 'due');
    return settled ? this.items.lock(tx, settled.batchId, settled.itemId) : null;
  }
}

const answer = ({ key }: { key: string }, outcome: ResolutionPosted['outcome'], reason?: string): ResolutionPosted => ({
  key,
  outcome,
  replay: false,
  ...(reason ? { reason } : {}),
});

const outcomeOf = ({ state }: Resolution): ResolutionPosted['outcome'] =>
  state === 'rejected' ? 'rejected' : 'posted';
const reasonOf = ({ state, reason }: Resolution): string => (state === 'waiting' ? WITH_SETTLEMENT : reason);

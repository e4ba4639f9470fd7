import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { Busy, Expired, OutcomeUnknown } from '@yidian/journal';
import { Ledger, type PostingInput } from '@yidian/ledger';
import { ItemsStore } from '../items/items.store';
import { ResolutionsStore } from '../resolutions/resolutions.store';
import { DB } from '../resources/tokens';
import { totalsOf, type Batch, type PlannedPosting } from './batch';
import { BatchesStore } from './batches.store';
import { effectOn, suspense, type Leg } from './leg';
import { TellBilling } from './tell-billing';

const IN_FLIGHT = 16;
const TRIES = 6;

/**
 * Carries a fixed plan through the ledger's write door, forward or leg by leg backward, then closes the batch: one
 * transaction moves its state, the suspense list and the outbox for billing. Keys come from the batch and the posting's
 * number, so any number of runs, crashes and processes post each leg once.
 */
@Injectable()
export class PostBatch {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly ledger: Ledger,
    private readonly batches: BatchesStore,
    private readonly items: ItemsStore,
    private readonly resolutions: ResolutionsStore,
    private readonly billing: TellBilling,
  ) {}

  /** posting → settled. */
  async forward(batch: Batch): Promise<void> {
    const postings = await this.batches.postings(batch.batchId);
    const legs = postings.flat();
    await this.post(batch, postings, '');
    const told = await this.billing.list(batch, legs);
    await this.db.transaction(async (tx) => {
      if (!(await this.batches.move(tx, batch.batchId, 'posting', 'settled'))) return;
      await this.batches.setTotals(tx, batch.batchId, totalsOf(batch.provider, legs));
      await this.items.addToSuspense(tx, batch, openByItem(batch.provider, legs));
      await this.billing.add(tx, batch, legs, told);
    });
  }

  /** reversing → reversed: each leg again with its ends swapped; what its items changed elsewhere is undone. */
  async backward(batch: Batch): Promise<void> {
    const mirrored = (await this.batches.postings(batch.batchId)).map((posting) =>
      posting.map((leg) => ({ ...leg, debit: leg.credit, credit: leg.debit })),
    );
    const legs = mirrored.flat();
    await this.post(batch, mirrored, '/r');
    const told = await this.billing.listBack(batch, legs);
    await this.db.transaction(async (tx) => {
      if (!(await this.batches.move(tx, batch.batchId, 'reversing', 'reversed'))) return;
      await this.items.undoRefunds(tx, batch.batchId);
      await this.resolutions.release(tx, batch.batchId);
      await this.items.addToSuspense(tx, batch, openByItem(batch.provider, legs));
      await this.billing.add(tx, batch, legs, told, '-r');
    });
  }

  private async post(batch: Batch, postings: readonly PlannedPosting[], suffix: string): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < postings.length; at = next++)
        await this.postOne(postingInput(batch, at + 1, postings[at] ?? [], suffix));
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  }

  private async postOne(posting: PostingInput): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.ledger.post(posting);
        if (answer.conflict !== undefined)
          throw new Error(`posting ${posting.key} is stored with another ${answer.conflict}`);
        if (answer.outcome !== 'posted') throw new Error(`posting ${posting.key} is stored as ${answer.outcome}`);
        return;
      } catch (error) {
        // Not executed, or not known: the same key again is right for both.
        const again = error instanceof Busy || error instanceof Expired || error instanceof OutcomeUnknown;
        if (!again || attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt * Math.random()));
      }
    }
  }
}

function postingInput(batch: Batch, n: number, legs: PlannedPosting, suffix: string): PostingInput {
  return {
    key: `${batch.batchId}/${n}${suffix}`,
    keyDay: batch.day,
    actor: batch.actor,
    input: {
      batch: batch.batchId,
      provider: batch.provider,
      day: batch.day,
      run: batch.runId,
      digest: batch.digest,
      ...sealedOf(batch),
    },
    transfers: legs.map(({ debit, credit, amount, kind, refersTo }) => ({
      ...{ debit, credit, amount, kind },
      ...(refersTo === '' ? {} : { refersTo }),
    })),
  };
}

/** A plan that stands on sealed parts is bound to them. */
const sealedOf = ({ sealed = '' }: Batch): Record<string, string> => (sealed === '' ? {} : { sealed });

/** What the legs do to the provider's suspense, per statement item. */
function openByItem(provider: string, legs: readonly Leg[]): Map<string, bigint> {
  const open = new Map<string, bigint>();
  for (const leg of legs) {
    const effect = effectOn(suspense(provider), leg);
    if (effect !== 0n) open.set(leg.refersTo, (open.get(leg.refersTo) ?? 0n) + effect);
  }
  return open;
}

import { Inject, Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { Logger } from '@yidian/telemetry';
import { ClearingStore } from '../bank/clearing.store';
import { BatchesStore } from '../batches/batches.store';
import { PostMovement } from '../batches/post-movement';
import { OpenLines } from '../items/sealed/open-lines';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { LOGGER } from '../resources/tokens';
import { movementKey, providerOf, type Adjustment } from './adjustment';
import { clearingEffect, takenOf, transfersOf } from './adjustment-legs';
import { AdjustmentsStore } from './adjustments.store';

/** What an approved adjustment moves: planned within the decision's transaction, posted after it, by the sweep if need be. */
@Injectable()
export class PostAdjustment {
  constructor(
    private readonly store: AdjustmentsStore,
    private readonly clearing: ClearingStore,
    private readonly batches: BatchesStore,
    private readonly movement: PostMovement,
    private readonly lines: OpenLines,
    private readonly relay: RelaySettledJob,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before the transaction: lines of payments that principal is taken from must be rows to be counted on. */
  async prepare({ legs }: Adjustment): Promise<void> {
    await this.lines.execute(takenOf(legs).map(({ paymentNo }) => paymentNo));
  }

  /**
   * With the ledger's plan goes what it means beside it: what is left of payments, and what the provider holds of that date.
   * @returns the batch's id @throws Problem state_conflict when a payment no longer holds so much
   */
  async plan(tx: Queryable, { id, original, legs }: Adjustment, day: string, actor: string): Promise<string> {
    for (const { paymentNo, branch, amount } of takenOf(legs))
      if (!(await this.store.countTaken(tx, paymentNo, branch, amount)))
        throw new Problem('state_conflict', { detail: `so much of ${paymentNo} is not settled with ${branch}` });
    const provider = providerOf(original);
    const transfers = transfersOf(original, legs);
    const { batchId } = await this.movement.plan(tx, {
      ...{ key: movementKey(id), day, provider, actor },
      legs: transfers,
    });
    const held = original.kind === 'provider_day' ? clearingEffect(provider, transfers) : 0n;
    if (original.kind === 'provider_day' && held !== 0n)
      await this.clearing.add(tx, {
        ...{ id: movementKey(id), provider, day: original.date, amount: held, source: 'difference', batchId },
      });
    return batchId;
  }

  /** It is decided whatever happens here: a plan that cannot be posted now is taken up by the sweep. */
  async forward(batchId: string): Promise<void> {
    try {
      const batch = await this.batches.find(batchId);
      if (!batch) throw new Error(`batch ${batchId} is gone`);
      await this.movement.forward([batch]);
      this.relay.ring();
    } catch (err) {
      this.logger.warn({ err, batch: batchId }, 'an approved adjustment waits to be posted');
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { createHash } from 'node:crypto';
import { NO_TOTALS, type Batch, type PlannedLeg } from './batch';
import { BatchesStore } from './batches.store';
import type { Leg } from './leg';
import { PostBatch } from './post-batch';

const LEGS_PER_POSTING = 8;

export interface Movement {
  /** Makes it the same movement when it is asked for again. */
  key: string;
  /** YYYY-MM-DD the positions count it for. */
  day: string;
  /** Whose money it is about; empty: of no provider. */
  provider: string;
  actor: string;
  legs: readonly Leg[];
}

/**
 * Promise: a movement of headquarters' own money is fixed in rows inside the transaction that decides it, and posted after.
 * The same key plans nothing twice; the same key for another movement is refused. A crash in between is taken up by the sweep.
 */
@Injectable()
export class PostMovement {
  constructor(
    private readonly batches: BatchesStore,
    private readonly postBatch: PostBatch,
  ) {}

  /** @throws Problem state_conflict when the key is known for other legs */
  async plan(tx: Queryable, movement: Movement): Promise<Batch> {
    const batch = batchOf(movement);
    const known = await this.batches.find(batch.batchId, tx);
    if (known) {
      if (known.digest !== batch.digest)
        throw new Problem('state_conflict', { detail: `${movement.key} was posted with other legs` });
      return known;
    }
    if (movement.legs.length === 0) throw new Error(`movement ${movement.key} moves nothing`);
    await this.batches.create(tx, batch);
    await this.batches.addLegs(tx, batch.batchId, postingsOf(movement.legs));
    return batch;
  }

  /** After the transaction that planned them. */
  async forward(batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) if (batch.state === 'posting') await this.postBatch.forward(batch);
  }
}

function batchOf({ key, day, provider, actor, legs }: Movement): Batch {
  return {
    batchId: movementId(key),
    kind: 'movement',
    ...{ provider, day, actor, runId: key.slice(0, 64) },
    digest: createHash('sha256')
      .update(JSON.stringify([key, day, provider, legs.map(canonical)]))
      .digest('hex'),
    state: 'posting',
    fence: 1,
    totals: NO_TOTALS,
  };
}

const canonical = ({ debit, credit, amount, kind, refersTo }: Leg): string[] => [
  ...[debit, credit, String(amount), kind, refersTo],
];

/** Keys may be long; batch ids may not. */
export const movementId = (key: string): string => `mv-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

function postingsOf(legs: readonly Leg[]): PlannedLeg[][] {
  const planned = legs.map((leg) => ({ ...leg, channel: '', items: 1 }));
  const postings: PlannedLeg[][] = [];
  for (let at = 0; at < planned.length; at += LEGS_PER_POSTING) postings.push(planned.slice(at, at + LEGS_PER_POSTING));
  return postings;
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Batch } from '../batches/batch';
import { BatchesStore } from '../batches/batches.store';
import { PostBatch } from '../batches/post-batch';
import { DB } from '../resources/tokens';

/**
 * Takes a settled provider-day back leg by leg: first the resolutions carried out after it, then the day itself. The
 * resolutions wait again and are carried out with the day's next batch.
 */
@Injectable()
export class UndoDay {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly batches: BatchesStore,
    private readonly postBatch: PostBatch,
  ) {}

  /** @param batch the day's batch, already in `reversing`: no new resolution is carried out meanwhile */
  async execute(batch: Batch): Promise<void> {
    for (const resolution of await this.batches.resolutionBatches(batch.provider, batch.day)) {
      if (resolution.state === 'posting') await this.postBatch.forward(resolution);
      await this.db.transaction((tx) => this.batches.move(tx, resolution.batchId, 'settled', 'reversing'));
      await this.postBatch.backward(resolution);
    }
    await this.postBatch.backward(batch);
  }
}

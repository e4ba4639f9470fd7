import { Module } from '@nestjs/common';
import { ItemsModule } from '../items/items.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ResolutionsStore } from '../resolutions/resolutions.store';
import { BatchesStore } from './batches.store';
import { PostBatch } from './post-batch';
import { PostMovement } from './post-movement';
import { TellBilling } from './tell-billing';

/** The machinery under provider-days and resolutions: a fixed plan and how it is carried through. */
@Module({
  imports: [ItemsModule, OutboxModule],
  providers: [BatchesStore, PostBatch, PostMovement, ResolutionsStore, TellBilling],
  exports: [BatchesStore, PostBatch, PostMovement, ResolutionsStore],
})
export class BatchesModule {}

import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { ItemsModule } from '../items/items.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ProviderDaysModule } from '../provider-days/provider-days.module';
import { MovePrincipal } from './move-principal';
import { OffsetItems } from './offset-items';
import { PostResolution } from './post-resolution';
import { PostResolutions } from './post-resolutions';
import { ResolutionsController } from './resolutions.controller';

@Module({
  imports: [BatchesModule, ItemsModule, OutboxModule, ProviderDaysModule],
  controllers: [ResolutionsController],
  providers: [MovePrincipal, OffsetItems, PostResolution, PostResolutions],
  exports: [MovePrincipal, OffsetItems],
})
export class ResolutionsModule {}

import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { ItemsModule } from '../items/items.module';
import { MonthsStore } from '../months/months.store';
import { OutboxModule } from '../outbox/outbox.module';
import { PromotionsModule } from '../promotions/promotions.module';
import { PlanDay } from './plan-day';
import { ProviderDaysController } from './provider-days.controller';
import { ProviderDaysStore } from './provider-days.store';
import { ResumeBatchesJob } from './resume-batches.job';
import { SealDay } from './seal-day';
import { SettleProviderDay } from './settle-provider-day';
import { UndoDay } from './undo-day';

@Module({
  imports: [BatchesModule, ItemsModule, OutboxModule, PromotionsModule],
  controllers: [ProviderDaysController],
  providers: [MonthsStore, ProviderDaysStore, PlanDay, SealDay, SettleProviderDay, UndoDay, ResumeBatchesJob],
  exports: [ProviderDaysStore],
})
export class ProviderDaysModule {}

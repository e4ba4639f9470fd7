import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { MonthsStore } from '../months/months.store';
import { OutboxModule } from '../outbox/outbox.module';
import { OpenDates } from './open-dates';
import { PromotionCursorsStore } from './promotion-cursors.store';
import { PullPromotions } from './pull-promotions';

@Module({
  imports: [BatchesModule, OutboxModule],
  providers: [MonthsStore, OpenDates, PromotionCursorsStore, PullPromotions],
  exports: [PullPromotions],
})
export class PromotionsModule {}

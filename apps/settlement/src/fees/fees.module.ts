import { Module } from '@nestjs/common';
import { ChangeSchedule } from './change-schedule';
import { FeeSchedulesStore } from './fee-schedules.store';
import { FeesController } from './fees.controller';
import { MonthTiersStore } from './month-tiers.store';
import { QuoteFees } from './quote-fees';

@Module({
  controllers: [FeesController],
  providers: [ChangeSchedule, FeeSchedulesStore, MonthTiersStore, QuoteFees],
  exports: [FeeSchedulesStore, MonthTiersStore],
})
export class FeesModule {}

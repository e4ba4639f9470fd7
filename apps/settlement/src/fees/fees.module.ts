import { Module } from '@nestjs/common';
import { FeeSchedulesStore } from './fee-schedules.store';
import { FeesController } from './fees.controller';
import { QuoteFees } from './quote-fees';

@Module({ controllers: [FeesController], providers: [FeeSchedulesStore, QuoteFees], exports: [FeeSchedulesStore] })
export class FeesModule {}

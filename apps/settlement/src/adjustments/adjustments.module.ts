import { Module } from '@nestjs/common';
import { ClearingStore } from '../bank/clearing.store';
import { BatchesModule } from '../batches/batches.module';
import { ItemsModule } from '../items/items.module';
import { MonthsStore } from '../months/months.store';
import { OutboxModule } from '../outbox/outbox.module';
import { PartiesModule } from '../parties/parties.module';
import { AdjustmentsController } from './adjustments.controller';
import { AdjustmentsStore } from './adjustments.store';
import { ClosedPeriods } from './closed-periods';
import { DecideAdjustment } from './decide-adjustment';
import { PostAdjustment } from './post-adjustment';
import { ProposeAdjustment } from './propose-adjustment';

/** Corrections of what is signed off, in a period that is open. */
@Module({
  imports: [BatchesModule, ItemsModule, OutboxModule, PartiesModule],
  controllers: [AdjustmentsController],
  providers: [
    ...[AdjustmentsStore, ClearingStore, ClosedPeriods, DecideAdjustment, MonthsStore, PostAdjustment],
    ProposeAdjustment,
  ],
})
export class AdjustmentsModule {}

import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { ItemsModule } from '../items/items.module';
import { OutboxModule } from '../outbox/outbox.module';
import { StatementsModule } from '../statements/statements.module';
import { ApproveRun } from './approve-run';
import { BalancesStore } from './balances.store';
import { BookPayouts } from './book-payouts';
import { ChangePayee } from './change-payee';
import { DeliverFiles } from './deliver-files';
import { PayeesStore } from './payees.store';
import { PayeesController, PayoutsController } from './payouts.controller';
import { PayoutsStore } from './payouts.store';
import { ProposeRun } from './propose-run';
import { RunsStore } from './runs.store';
import { TakeStatus } from './take-status';
import { TreasuryController } from './treasury.controller';

/** Money that leaves headquarters: to whom, by whose word, in which file, and what the bank said. */
@Module({
  imports: [BatchesModule, ItemsModule, OutboxModule, StatementsModule],
  controllers: [PayeesController, PayoutsController, TreasuryController],
  providers: [
    ...[ApproveRun, BalancesStore, BookPayouts, ChangePayee, DeliverFiles, PayeesStore, PayoutsStore, ProposeRun],
    ...[RunsStore, TakeStatus],
  ],
  exports: [BalancesStore, BookPayouts, DeliverFiles],
})
export class PayoutsModule {}

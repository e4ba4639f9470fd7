import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { OutboxModule } from '../outbox/outbox.module';
import { PayoutsModule } from '../payouts/payouts.module';
import { BankController } from './bank.controller';
import { BankStore } from './bank.store';
import { BookEntry } from './book-entry';
import { ClearingStore } from './clearing.store';
import { ImportPayoutLines } from './import-payout-lines';
import { ImportStatement } from './import-statement';
import { MatchProvider } from './match-provider';
import { PayClearing } from './pay-clearing';
import { PayoutLinesStore } from './payout-lines.store';
import { TreasuryJob } from './treasury.job';

/** Our own bank accounts: what their statements say, whose money it is, and what pays a clearing account otherwise. */
@Module({
  imports: [BatchesModule, OutboxModule, PayoutsModule],
  controllers: [BankController],
  providers: [
    ...[BankStore, BookEntry, ClearingStore, ImportPayoutLines, ImportStatement, MatchProvider, PayClearing],
    ...[PayoutLinesStore, TreasuryJob],
  ],
  exports: [PayClearing],
})
export class BankModule {}

import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { AutoBell } from './auto-bell';
import { assertAutoStates } from './auto.states';
import { AutoStore } from './auto.store';
import { AutoTexts } from './auto-texts';
import { AutoTopupJob } from './auto-topup.job';
import { BatchesStore } from './batches.store';
import { CheckRules } from './check-rules';
import { DebitBatchesJob } from './debit-batches.job';
import { LowBalances } from './low-balances';
import { AutoPayees } from './payee';
import { PayOccasions } from './pay-occasions';
import { ReadReturns } from './read-returns';
import { RefusedOccasions } from './refused-occasions';
import { SendBatches } from './send-batches';
import { SetAutoTopups } from './set-auto-topup';
import { SkipAutoTopups } from './skip-auto-topup';

/** Standing orders: by threshold and by calendar, for the own and for linked numbers. */
@Global()
@Module({
  providers: [
    AutoStore,
    AutoBell,
    AutoTexts,
    AutoPayees,
    CheckRules,
    PayOccasions,
    RefusedOccasions,
    LowBalances,
    SetAutoTopups,
    SkipAutoTopups,
    AutoTopupJob,
    BatchesStore,
    SendBatches,
    ReadReturns,
    DebitBatchesJob,
  ],
  exports: [AutoStore, SetAutoTopups, SkipAutoTopups],
})
export class AutoTopupModule implements OnModuleInit {
  onModuleInit(): void {
    assertAutoStates();
  }
}

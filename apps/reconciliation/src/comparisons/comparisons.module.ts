import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { FindingsModule } from '../breaks/findings.module';
import { StepsModule } from '../close/steps.module';
import { BankEntriesJob } from './bank-entries.job';
import { CheckCreditFiles } from './check-credit-files';
import { CompareDay } from './compare-day';
import { CreditRunsController } from './credit-runs.controller';
import { CreditRunsJob } from './credit-runs.job';
import { CreditRunsStore } from './credit-runs.store';
import { NumberSweepsStore } from './number-sweeps.store';
import { RunCredits } from './run-credits';
import { SweepNumbersJob } from './sweep-numbers.job';

/** What is compared beside statements: payouts, agreements, provinces' own books and numbers. */
@Module({
  imports: [AlarmsModule, FindingsModule, StepsModule],
  controllers: [CreditRunsController],
  providers: [
    BankEntriesJob,
    CheckCreditFiles,
    CompareDay,
    CreditRunsStore,
    RunCredits,
    CreditRunsJob,
    NumberSweepsStore,
    SweepNumbersJob,
  ],
  exports: [CheckCreditFiles, CompareDay, CreditRunsStore],
})
export class ComparisonsModule {}

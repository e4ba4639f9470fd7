import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksModule } from '../books/books.module';
import { FindingsModule } from '../breaks/findings.module';
import { StatementsModule } from '../statements/statements.module';
import { ContractFees } from './contract-fees';
import { EngineLooks } from './engine-looks';
import { FindRun } from './find-run';
import { GatherInputs } from './gather-inputs';
import { JudgeDay } from './judge-day';
import { KeepMatched } from './keep-matched';
import { LinesOfPayments } from './lines-of-payments';
import { LoadDay } from './load-day';
import { MatchByEngine } from './match-by-engine';
import { MatchStatement } from './match-statement';
import { MatchedStore } from './matched.store';
import { NamedFindings } from './named-findings';
import { PageItems } from './page-items';
import { PaymentLinesStore } from './payment-lines.store';
import { ReadMatched } from './read-matched';
import { RunEngine } from './run-engine';
import { RunStatement } from './run-statement';
import { RunsController } from './runs.controller';
import { RunsStore } from './runs.store';

@Module({
  imports: [AlarmsModule, BooksModule, StatementsModule, FindingsModule],
  controllers: [RunsController],
  providers: [
    RunsStore,
    MatchedStore,
    ReadMatched,
    KeepMatched,
    LoadDay,
    GatherInputs,
    ContractFees,
    JudgeDay,
    EngineLooks,
    RunEngine,
    RunStatement,
    MatchByEngine,
    NamedFindings,
    MatchStatement,
    FindRun,
    PageItems,
    PaymentLinesStore,
    LinesOfPayments,
  ],
  exports: [RunsStore, MatchStatement],
})
export class MatchingModule {}

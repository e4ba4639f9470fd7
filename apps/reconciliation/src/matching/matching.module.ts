import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksModule } from '../books/books.module';
import { FindingsModule } from '../breaks/findings.module';
import { StatementsModule } from '../statements/statements.module';
import { ContractFees } from './contract-fees';
import { FindRun } from './find-run';
import { GatherInputs } from './gather-inputs';
import { LoadDay } from './load-day';
import { MatchStatement } from './match-statement';
import { PageItems } from './page-items';
import { RunsController } from './runs.controller';
import { RunsStore } from './runs.store';

@Module({
  imports: [AlarmsModule, BooksModule, StatementsModule, FindingsModule],
  controllers: [RunsController],
  providers: [RunsStore, LoadDay, GatherInputs, ContractFees, MatchStatement, FindRun, PageItems],
  exports: [RunsStore, MatchStatement],
})
export class MatchingModule {}

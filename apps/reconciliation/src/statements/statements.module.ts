import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { CompareVersions } from './compare-versions';
import { CopyStatement } from './copy-statement';
import { FetchStatement } from './fetch-statement';
import { LateStatementsJob } from './late-statements.job';
import { ReadStatement } from './read-statement';
import { StatementRowsStore } from './statement-rows.store';
import { StatementsStore } from './statements.store';
import { WaitsStore } from './waits.store';

@Module({
  imports: [AlarmsModule],
  providers: [
    StatementsStore,
    StatementRowsStore,
    WaitsStore,
    FetchStatement,
    ReadStatement,
    CopyStatement,
    CompareVersions,
    LateStatementsJob,
  ],
  exports: [
    StatementsStore,
    StatementRowsStore,
    WaitsStore,
    FetchStatement,
    ReadStatement,
    CopyStatement,
    CompareVersions,
  ],
})
export class StatementsModule {}

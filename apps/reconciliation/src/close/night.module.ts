import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksModule } from '../books/books.module';
import { CompleteBooks } from '../books/complete-books';
import { FreezeBooks } from '../books/freeze-books';
import { BreaksModule } from '../breaks/breaks.module';
import { FindingsModule } from '../breaks/findings.module';
import { ResolveDay } from '../breaks/resolve-day';
import { ComparisonsModule } from '../comparisons/comparisons.module';
import { MatchingModule } from '../matching/matching.module';
import { MatchStatement } from '../matching/match-statement';
import { Notify } from '../reports/notify';
import { ReportsModule } from '../reports/reports.module';
import { WriteStatements } from '../reports/write-statements';
import { FetchStatement } from '../statements/fetch-statement';
import { ParseStatement } from '../statements/parse-statement';
import { ListStatements } from '../statements/list-statements';
import { StatementsController } from '../statements/statements.controller';
import { StatementsModule } from '../statements/statements.module';
import { Uploads } from '../statements/uploads';
import { UploadStatement } from '../statements/upload-statement';
import { WakeNight } from '../statements/wake-night';
import { BackfillJob } from './backfill.job';
import { BackfillsStore } from './backfills.store';
import { BeginDue } from './begin-due';
import { BeginNight } from './begin-night';
import { ListDays } from './list-days';
import { NightController } from './night.controller';
import { NightProgress } from './night-progress';
import { ProgressController } from './progress.controller';
import { NightWorker } from './night.worker';
import { RunNight } from './run-night';
import { SettleDay } from './settle-day';
import { SignOffDay } from './sign-off-day';
import { StatusModule } from './status.module';
import { StepsModule } from './steps.module';
import type { StepWork } from './step-work';
import { SweepJob } from './sweep.job';
import { WatchDaysJob } from './watch-days.job';
import { STEP_WORKS, WorkStep } from './work-step';

/** In the order of the night; the names tie them to their rows. */
const WORKS = [
  FreezeBooks,
  CompleteBooks,
  FetchStatement,
  ParseStatement,
  MatchStatement,
  ResolveDay,
  SettleDay,
  WriteStatements,
  Notify,
];

@Module({
  imports: [
    AlarmsModule,
    BooksModule,
    BreaksModule,
    ComparisonsModule,
    FindingsModule,
    MatchingModule,
    ReportsModule,
    StatementsModule,
    StatusModule,
    StepsModule,
  ],
  controllers: [NightController, ProgressController, StatementsController],
  providers: [
    ParseStatement,
    Uploads,
    UploadStatement,
    WakeNight,
    ListStatements,
    SettleDay,
    { provide: STEP_WORKS, useFactory: (...works: StepWork[]) => works, inject: WORKS },
    WorkStep,
    NightWorker,
    SweepJob,
    BeginNight,
    BeginDue,
    RunNight,
    ListDays,
    SignOffDay,
    NightProgress,
    BackfillsStore,
    BackfillJob,
    WatchDaysJob,
  ],
})
export class NightModule {}

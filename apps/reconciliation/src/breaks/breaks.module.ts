import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { StepsModule } from '../close/steps.module';
import { MatchingModule } from '../matching/matching.module';
import { StatementsModule } from '../statements/statements.module';
import { AssignBreaks } from './assign-breaks';
import { BreaksController } from './breaks.controller';
import { CarryOut } from './carry-out';
import { ChangeRules } from './change-rules';
import { DecideProposal } from './decide-proposal';
import { Doors } from './doors';
import { FindBreak } from './find-break';
import { FindingsModule } from './findings.module';
import { ListBreaks } from './list-breaks';
import { ProposeResolution } from './propose-resolution';
import { ResolutionsJob } from './resolutions.job';
import { ResolutionsStore } from './resolutions.store';
import { ResolveDay } from './resolve-day';
import { RulesController } from './rules.controller';
import { RulesStore } from './rules.store';
import { TellSettlement } from './tell-settlement';
import { WatchBreaksJob } from './watch-breaks.job';

@Module({
  imports: [AlarmsModule, FindingsModule, MatchingModule, StatementsModule, StepsModule],
  controllers: [BreaksController, RulesController],
  providers: [
    ResolutionsStore,
    ListBreaks,
    FindBreak,
    ProposeResolution,
    DecideProposal,
    AssignBreaks,
    RulesStore,
    ChangeRules,
    Doors,
    CarryOut,
    TellSettlement,
    ResolveDay,
    ResolutionsJob,
    WatchBreaksJob,
  ],
  exports: [ResolutionsStore, ResolveDay],
})
export class BreaksModule {}

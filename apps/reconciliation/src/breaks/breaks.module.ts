import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { StepsModule } from '../close/steps.module';
import { MatchingModule } from '../matching/matching.module';
import { StatementsModule } from '../statements/statements.module';
import { BreaksController } from './breaks.controller';
import { CarryOut } from './carry-out';
import { DecideProposal } from './decide-proposal';
import { Doors } from './doors';
import { FindBreak } from './find-break';
import { FindingsModule } from './findings.module';
import { ListBreaks } from './list-breaks';
import { ProposeResolution } from './propose-resolution';
import { ResolutionsJob } from './resolutions.job';
import { ResolutionsStore } from './resolutions.store';
import { ResolveDay } from './resolve-day';
import { TellSettlement } from './tell-settlement';

@Module({
  imports: [AlarmsModule, FindingsModule, MatchingModule, StatementsModule, StepsModule],
  controllers: [BreaksController],
  providers: [
    ResolutionsStore,
    ListBreaks,
    FindBreak,
    ProposeResolution,
    DecideProposal,
    Doors,
    CarryOut,
    TellSettlement,
    ResolveDay,
    ResolutionsJob,
  ],
  exports: [ResolutionsStore, ResolveDay],
})
export class BreaksModule {}

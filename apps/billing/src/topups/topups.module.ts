import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { BssModule } from '../bss/bss.module';
import { DaybookModule } from '../daybook/daybook.module';
import { PoliciesModule } from '../policies/policies.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { CreditsStore } from './credits.store';
import { Doubts } from './doubts';
import { GiveBackCredits } from './give-back-credits';
import { MoveCredits } from './move-credits';
import { PlaceHolds } from './place-holds';
import { PostSettled } from './post-settled';
import { PostTopups } from './post-topups';
import { QueryTopups } from './query-topups';
import { ReadPayees } from './read-payees';
import { Reactivations } from './reactivations';
import { ReactivationsStore } from './reactivations.store';
import { ResolveHolds } from './resolve-holds';
import { ReverseCredits } from './reverse-credits';
import { TakebacksController } from './takebacks.controller';
import { TopupsController } from './topups.controller';
import { VoidTopups } from './void-topups';
import { WriteOffCredits } from './write-off-credits';

@Module({
  imports: [BranchesModule, BssModule, DaybookModule, PoliciesModule, SubscribersModule],
  controllers: [TopupsController, TakebacksController],
  providers: [
    CreditsStore,
    Doubts,
    PostTopups,
    QueryTopups,
    ReadPayees,
    VoidTopups,
    PlaceHolds,
    ResolveHolds,
    ReverseCredits,
    PostSettled,
    WriteOffCredits,
    MoveCredits,
    GiveBackCredits,
    Reactivations,
    ReactivationsStore,
  ],
  exports: [CreditsStore, Doubts],
})
export class TopupsModule {}

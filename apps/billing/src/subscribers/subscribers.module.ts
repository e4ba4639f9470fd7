import { Module, type OnModuleInit } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { AdaptersModule } from '../bss/adapters.module';
import { RoutingModule } from '../numbers/routing.module';
import { ChangeSubscriber } from './change-subscriber';
import { ClosingsStore } from './closings.store';
import { assertLife } from './life-cycle';
import { LifeCycleStore } from './life-cycle.store';
import { LowBalance } from './low-balance';
import { PullEvents } from './pull-events';
import { RecordMoves } from './record-moves';
import { RegisterSubscribers } from './register-subscribers';
import { SubscribersController } from './subscribers.controller';
import { SubscribersStore } from './subscribers.store';
import { SweepClosings } from './sweep-closings';

/** Who holds a number, and how that changes. */
@Module({
  imports: [AdaptersModule, BranchesModule, RoutingModule],
  controllers: [SubscribersController],
  providers: [
    SubscribersStore,
    LifeCycleStore,
    ClosingsStore,
    RecordMoves,
    RegisterSubscribers,
    ChangeSubscriber,
    SweepClosings,
    PullEvents,
    LowBalance,
  ],
  exports: [SubscribersStore, LifeCycleStore, ChangeSubscriber, LowBalance],
})
export class SubscribersModule implements OnModuleInit {
  onModuleInit(): void {
    assertLife();
  }
}

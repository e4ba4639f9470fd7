import { Module, type OnModuleInit } from '@nestjs/common';
import { DaybookModule } from '../daybook/daybook.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { AdaptersModule } from './adapters.module';
import { AskNumber } from './ask-number';
import { EventBell } from './events/event-bell';
import { EventDoor } from './events/event-door';
import { EventsJob } from './events/events.job';
import { EventsStore } from './events/events.store';
import { TellChange } from './events/tell-change';
import { AdvanceOrder } from './orders/advance-order';
import { BookOrder } from './orders/book-order';
import { assertOrderStates } from './orders/order.states';
import { OrdersJob } from './orders/orders.job';
import { OrdersStore } from './orders/orders.store';
import { PledgeOrder } from './orders/pledge-order';
import { RemoteCredits } from './orders/remote-credits';
import { RemoteTakebacks } from './orders/remote-takebacks';
import { Waiting } from './orders/waiting';
import { PartiesStore } from './parties.store';

/** Branches that keep a billing system of their own. */
@Module({
  imports: [AdaptersModule, DaybookModule, SubscribersModule],
  providers: [
    AdvanceOrder,
    AskNumber,
    BookOrder,
    EventBell,
    EventDoor,
    EventsJob,
    EventsStore,
    OrdersJob,
    OrdersStore,
    PartiesStore,
    PledgeOrder,
    RemoteCredits,
    RemoteTakebacks,
    TellChange,
    Waiting,
  ],
  exports: [AdaptersModule, AskNumber, RemoteCredits, RemoteTakebacks],
})
export class BssModule implements OnModuleInit {
  onModuleInit(): void {
    assertOrderStates();
  }
}

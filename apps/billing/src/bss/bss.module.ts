import { Module, type OnModuleInit } from '@nestjs/common';
import { DaybookModule } from '../daybook/daybook.module';
import { AdaptersModule } from './adapters.module';
import { AskNumber } from './ask-number';
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
  imports: [AdaptersModule, DaybookModule],
  providers: [
    AdvanceOrder,
    AskNumber,
    BookOrder,
    OrdersJob,
    OrdersStore,
    PartiesStore,
    PledgeOrder,
    RemoteCredits,
    RemoteTakebacks,
    Waiting,
  ],
  exports: [AdaptersModule, AskNumber, RemoteCredits, RemoteTakebacks],
})
export class BssModule implements OnModuleInit {
  onModuleInit(): void {
    assertOrderStates();
  }
}

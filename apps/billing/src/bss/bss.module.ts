import { Module, type OnModuleInit } from '@nestjs/common';
import { DirectoryArchive } from '@yidian/archive';
import { join } from 'node:path';
import { CONFIG, type BillingConfig } from '../billing.config';
import { DaybookModule } from '../daybook/daybook.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { AdaptersModule } from './adapters.module';
import { AskNumber } from './ask-number';
import { BssController } from './bss.controller';
import { CompareNumbers } from './compare-numbers';
import { EventBell } from './events/event-bell';
import { EventDoor } from './events/event-door';
import { EventsJob } from './events/events.job';
import { EventsStore } from './events/events.store';
import { TellChange } from './events/tell-change';
import { ARCHIVE } from './files/archive';
import { CompareFile } from './files/compare-file';
import { CreditFilesJob } from './files/credit-files.job';
import { CreditFilesStore } from './files/credit-files.store';
import { FetchCreditFile } from './files/fetch-credit-file';
import { ShowCreditFile } from './files/show-credit-file';
import { ListOrders } from './list-orders';
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

const archiveIn = ({ DATA_DIR = '.data/billing' }: BillingConfig) => new DirectoryArchive(join(DATA_DIR, 'archive'));

/** Branches that keep a billing system of their own. */
@Module({
  imports: [AdaptersModule, DaybookModule, SubscribersModule],
  controllers: [BssController],
  providers: [
    { provide: ARCHIVE, useFactory: archiveIn, inject: [CONFIG] },
    AdvanceOrder,
    AskNumber,
    BookOrder,
    CompareFile,
    CompareNumbers,
    CreditFilesJob,
    CreditFilesStore,
    EventBell,
    EventDoor,
    EventsJob,
    EventsStore,
    FetchCreditFile,
    ListOrders,
    OrdersJob,
    OrdersStore,
    PartiesStore,
    PledgeOrder,
    RemoteCredits,
    RemoteTakebacks,
    ShowCreditFile,
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

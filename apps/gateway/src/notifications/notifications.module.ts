import { Global, Module } from '@nestjs/common';
import { Alarms } from './alarms';
import { BranchTexts } from './branch-texts';
import { BranchTextsStore } from './branch-texts.store';
import { Endpoints } from './endpoints';
import { EndpointsStore } from './endpoints.store';
import { EventDeliveries } from './event-deliveries';
import { EventReaders } from './event-readers';
import { EventsStore } from './events.store';
import { Languages } from './languages';
import { LanguagesStore } from './languages.store';
import { ListEvents } from './list-events';
import { PersonNumbers } from './person-number';
import { Receipts } from './receipts';
import { SaveBranchText } from './save-branch-text';
import { SmsOutJob } from './sms-out.job';
import { SmsSender } from './sms-sender';
import { SmsStore } from './sms.store';
import { TellDisabled } from './tell-disabled';
import { TriesStore } from './tries.store';
import { WebhookSender } from './webhook-sender';
import { WebhooksJob } from './webhooks.job';
import { WebhooksStore } from './webhooks.store';

/** What goes out to people and partners. Global: every room that moves something tells somebody. */
@Global()
@Module({
  providers: [
    PersonNumbers,
    Receipts,
    BranchTexts,
    Languages,
    LanguagesStore,
    BranchTextsStore,
    SaveBranchText,
    SmsStore,
    SmsSender,
    SmsOutJob,
    EventsStore,
    EventReaders,
    ListEvents,
    Alarms,
    Endpoints,
    EndpointsStore,
    EventDeliveries,
    TriesStore,
    TellDisabled,
    WebhooksStore,
    WebhookSender,
    WebhooksJob,
  ],
  exports: [
    Alarms,
    BranchTextsStore,
    SaveBranchText,
    Endpoints,
    EventDeliveries,
    EventReaders,
    Languages,
    PersonNumbers,
    Receipts,
    SmsStore,
    SmsSender,
    ListEvents,
  ],
})
export class NotificationsModule {}

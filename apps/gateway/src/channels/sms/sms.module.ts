import { Module } from '@nestjs/common';
import { AnswerMessage } from './answer-message';
import { DialoguesStore } from './dialogues.store';
import { FindPayee } from './find-payee';
import { KeepMessage } from './keep-message';
import { MessagesJob } from './messages.job';
import { MessagesStore } from './messages.store';
import { MobileOriginatedController } from './mobile-originated.controller';
import { OwnAccount } from './own-account';
import { PayByText } from './pay-by-text';
import { Questions } from './questions';
import { RefusalText } from './refusal-text';
import { Repeats } from './repeats';

/** Customers' text messages: stored as they come, read by a strict grammar, answered by text. */
@Module({
  controllers: [MobileOriginatedController],
  providers: [
    MessagesStore,
    DialoguesStore,
    KeepMessage,
    MessagesJob,
    AnswerMessage,
    PayByText,
    FindPayee,
    Questions,
    Repeats,
    RefusalText,
    OwnAccount,
  ],
})
export class SmsModule {}

import { Module } from '@nestjs/common';
import { OperatorAudit } from '../finance/operator-audit';
import { AnswerMessage } from './answer-message';
import { AnswersStore } from './answers.store';
import { AutoByText } from './auto-by-text';
import { BranchTextMeasuresController } from './branch-text-measures.controller';
import { BranchTextsController } from './branch-texts.controller';
import { CarryByGet } from './carry-by-get';
import { CarryBySmpp } from './carry-by-smpp';
import { ChooseLanguage } from './choose-language';
import { DialoguesStore } from './dialogues.store';
import { FamilyByText } from './family-by-text';
import { FindFamily } from './find-family';
import { FindPayee } from './find-payee';
import { GetMessagesController } from './get-messages.controller';
import { KeepMessage } from './keep-message';
import { MessagesJob } from './messages.job';
import { MessagesStore } from './messages.store';
import { MobileOriginatedController } from './mobile-originated.controller';
import { OwnAccount } from './own-account';
import { PartsJob } from './parts.job';
import { PartsStore } from './parts.store';
import { PayByText } from './pay-by-text';
import { Questions } from './questions';
import { RefusalText } from './refusal-text';
import { Repeats } from './repeats';
import { ReplyInBody } from './reply-in-body';
import { SmppLine } from './smpp-line';
import { SubmitsStore } from './submits.store';
import { TakeDelivered } from './take-delivered';

/** Customers' text messages: stored as they come, read by a strict grammar, answered by text. */
@Module({
  controllers: [MobileOriginatedController, GetMessagesController, BranchTextsController, BranchTextMeasuresController],
  providers: [
    MessagesStore,
    DialoguesStore,
    KeepMessage,
    MessagesJob,
    AnswerMessage,
    ChooseLanguage,
    PayByText,
    FindPayee,
    FindFamily,
    FamilyByText,
    AutoByText,
    Questions,
    Repeats,
    RefusalText,
    OwnAccount,
    SmppLine,
    CarryBySmpp,
    CarryByGet,
    TakeDelivered,
    PartsJob,
    PartsStore,
    SubmitsStore,
    ReplyInBody,
    AnswersStore,
    OperatorAudit,
  ],
})
export class SmsModule {}

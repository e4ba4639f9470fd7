import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { AgreementsStore } from './agreements.store';
import { AgreementsSweepJob } from './agreements-sweep.job';
import { assertAgreementStates } from './agreement.states';
import { AnswerConsent } from './answer-consent';
import { ApplyAgreement } from './apply-agreement';
import { ApplyNumberNews } from './apply-number-news';
import { ConsentCodes } from './consent-codes';
import { CreateAgreement, FindAgreement } from './create-agreement';
import { CreateLinkedNumber } from './create-linked-number';
import { NumberNewsJob } from './number-news.job';
import { NumberNewsStore } from './number-news.store';
import { RestAgreement } from './rest-agreement';

/** Signed agreements and the numbers they may pay for. */
@Global()
@Module({
  providers: [
    AgreementsStore,
    ConsentCodes,
    CreateAgreement,
    FindAgreement,
    ApplyAgreement,
    CreateLinkedNumber,
    AnswerConsent,
    AgreementsSweepJob,
    NumberNewsStore,
    ApplyNumberNews,
    NumberNewsJob,
    RestAgreement,
  ],
  exports: [
    AgreementsStore,
    CreateAgreement,
    FindAgreement,
    ApplyAgreement,
    CreateLinkedNumber,
    AnswerConsent,
    RestAgreement,
  ],
})
export class AgreementsModule implements OnModuleInit {
  onModuleInit(): void {
    assertAgreementStates();
  }
}

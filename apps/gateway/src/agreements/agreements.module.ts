import { Global, Module } from '@nestjs/common';
import { AgreementsStore } from './agreements.store';
import { AgreementsSweepJob } from './agreements-sweep.job';
import { AnswerConsent } from './answer-consent';
import { ApplyAgreement } from './apply-agreement';
import { ConsentCodes } from './consent-codes';
import { CreateAgreement, FindAgreement } from './create-agreement';
import { CreateLinkedNumber } from './create-linked-number';

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
  ],
  exports: [AgreementsStore, CreateAgreement, FindAgreement, ApplyAgreement, CreateLinkedNumber, AnswerConsent],
})
export class AgreementsModule {}

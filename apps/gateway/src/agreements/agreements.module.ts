import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { AgreementFilesJob } from './agreement-files.job';
import { AgreementMovesStore } from './agreement-moves.store';
import { AgreementNews } from './agreement-news';
import { AgreementRunsStore } from './agreement-runs.store';
import { AgreementsStore } from './agreements.store';
import { AgreementsSweepJob } from './agreements-sweep.job';
import { assertAgreementStates } from './agreement.states';
import { AnswerConsent } from './answer-consent';
import { ApplyAgreement } from './apply-agreement';
import { ApplyNumberNews } from './apply-number-news';
import { ChangeLimits } from './change-limits';
import { CheckAccount, ConfirmAccount } from './check-account';
import { ComparedAgreementsController } from './compared-agreements.controller';
import { ConsentCodes } from './consent-codes';
import { CreateAgreement, FindAgreement } from './create-agreement';
import { CreateLinkedNumber } from './create-linked-number';
import { EndAgreement } from './end-agreement';
import { EndKeyed } from './end-keyed';
import { EndLinked } from './end-linked';
import { ImportAgreements } from './import-agreements';
import { ImportsStore } from './imports.store';
import { NewAgreement } from './new-agreement';
import { NumberNewsJob } from './number-news.job';
import { NumberNewsStore } from './number-news.store';
import { ReconcileAgreements } from './reconcile-agreements';
import { ResolveAgreementBreak } from './resolve-agreement-break';
import { RestAgreement } from './rest-agreement';
import { TakeOffered } from './take-offered';

const VERBS = [
  AgreementsStore,
  CreateAgreement,
  FindAgreement,
  CheckAccount,
  ConfirmAccount,
  ApplyAgreement,
  EndAgreement,
  ChangeLimits,
  CreateLinkedNumber,
  AnswerConsent,
  EndKeyed,
  EndLinked,
  RestAgreement,
  ImportAgreements,
  AgreementRunsStore,
  AgreementMovesStore,
  ReconcileAgreements,
  ResolveAgreementBreak,
];

/** Signed agreements and the numbers they may pay for. */
@Global()
@Module({
  controllers: [ComparedAgreementsController],
  providers: [
    ...VERBS,
    AgreementNews,
    NewAgreement,
    TakeOffered,
    ImportsStore,
    AgreementFilesJob,
    ConsentCodes,
    AgreementsSweepJob,
    NumberNewsStore,
    ApplyNumberNews,
    NumberNewsJob,
  ],
  exports: VERBS,
})
export class AgreementsModule implements OnModuleInit {
  onModuleInit(): void {
    assertAgreementStates();
  }
}

import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Readiness } from '../readiness';
import { ApplyCallback } from './apply-callback';
import { AttemptSteps } from './attempt-steps';
import { BillingClient } from './billing.client';
import { CallbacksJob } from './callbacks.job';
import { CreatePayment } from './create-payment';
import { CreatePayments } from './create-payments';
import { CreateRefund } from './create-refund';
import { CreateReversal } from './create-reversal';
import { CreditSteps } from './credit-steps';
import { FindPayments, FindRefund, FindReversal } from './find-payments';
import { FindRecent } from './find-recent';
import { KeptAnswers } from './kept-answers';
import { NumberTokens } from './number-token';
import { PaymentDoor } from './payment-door';
import { PaymentFlow } from './payment-flow';
import { PaymentFunds } from './payment-funds';
import { PaymentOrders } from './payment-order';
import { PaymentsController } from './payments.controller';
import { PaymentsReadStore } from './payments-read.store';
import { PaymentsSweepJob } from './payments-sweep.job';
import { QueryNumber } from './query-number';
import { RefundSteps } from './refund-steps';
import { ReplacedAttemptsJob } from './replaced-attempts.job';
import { ReplacedStore } from './replaced.store';
import { RepairPayment } from './repair-payment';
import { ResolvePayment } from './resolve-payment';
import { ReturnSteps } from './return-steps';
import { ReturnsJob } from './returns.job';
import { StatementLines } from './statement-lines';
import { TakeMoney } from './take-money';
import { Tell } from './tell';
import { Timeline } from './timeline';

const VERBS = [
  QueryNumber,
  CreatePayment,
  CreatePayments,
  FindPayments,
  FindRecent,
  CreateReversal,
  FindReversal,
  CreateRefund,
  FindRefund,
  RepairPayment,
  ResolvePayment,
  Timeline,
];
const FOR_AGREEMENTS = [KeptAnswers, PaymentDoor, BillingClient, Tell, PaymentsReadStore];
const FOR_DOUBTS = [RefundSteps, ReturnSteps, ApplyCallback];

/** The payment order. Global: every channel calls its verbs. */
@Global()
@Module({
  controllers: [PaymentsController],
  providers: [
    ...VERBS,
    ...FOR_AGREEMENTS,
    NumberTokens,
    StatementLines,
    PaymentFunds,
    PaymentOrders,
    PaymentFlow,
    TakeMoney,
    AttemptSteps,
    CreditSteps,
    ...FOR_DOUBTS,
    ReturnsJob,
    CallbacksJob,
    PaymentsSweepJob,
    ReplacedStore,
    ReplacedAttemptsJob,
  ],
  exports: [...VERBS, ...FOR_AGREEMENTS, ...FOR_DOUBTS, PaymentFlow],
})
export class PaymentsModule implements OnModuleInit {
  constructor(
    private readonly readiness: Readiness,
    private readonly door: PaymentDoor,
  ) {}

  onModuleInit(): void {
    this.readiness.add('payment lane', () => {
      if (!this.door.ready()) throw new Error('not open');
    });
  }
}

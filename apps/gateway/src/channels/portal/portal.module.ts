import { Module } from '@nestjs/common';
import { CustomerController } from './customer.controller';
import { CustomerPayments } from './customer-payments';
import { Family } from './family';
import { GetCustomer } from './get-customer';
import { PaymentStreams } from './payment-streams';
import { PortalAgreementsController } from './portal-agreements.controller';
import { PortalAutoTopupsController } from './portal-auto-topups.controller';
import { PortalCashiersController } from './portal-cashiers.controller';
import { PortalConsentsController } from './portal-consents.controller';
import { PortalPaymentsController } from './portal-payments.controller';
import { PortalSessionsController } from './portal-sessions.controller';
import { PortalTermsController } from './portal-terms.controller';
import { SendSignInCode } from './send-sign-in-code';

/** The customer's portal: a session by one-time code, own and linked numbers, payments and their live state. */
@Module({
  controllers: [
    PortalSessionsController,
    CustomerController,
    PortalPaymentsController,
    PortalCashiersController,
    PortalAgreementsController,
    PortalTermsController,
    PortalConsentsController,
    PortalAutoTopupsController,
  ],
  providers: [SendSignInCode, GetCustomer, Family, CustomerPayments, PaymentStreams],
})
export class PortalModule {}

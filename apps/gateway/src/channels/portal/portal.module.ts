import { Module } from '@nestjs/common';
import { FollowPayment } from './follow-payment';
import { PayOnPortal } from './pay-on-portal';
import { PortalCardsController } from './portal-cards.controller';
import { PortalPaymentsController } from './portal-payments.controller';
import { PortalSessionsController } from './portal-sessions.controller';
import { ShowCustomer } from './show-customer';

@Module({
  controllers: [PortalSessionsController, PortalPaymentsController, PortalCardsController],
  providers: [PayOnPortal, FollowPayment, ShowCustomer],
})
export class PortalModule {}

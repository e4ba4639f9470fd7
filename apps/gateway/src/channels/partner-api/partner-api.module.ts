import { Module } from '@nestjs/common';
import { AgreementsController, LinkedNumbersController } from './agreements.controller';
import { BulkPaymentsController } from './bulk-payments.controller';
import { EventsController } from './events.controller';
import { ExposureController } from './exposure.controller';
import { HotRoutes } from './hot-routes';
import { NumberQueriesController } from './number-queries.controller';
import { PaymentsController } from './payments.controller';
import { RefundsController, ReversalsController } from './returns.controller';
import { StatementsController } from './statements.controller';
import { WebhookEndpointsController } from './webhook-endpoints.controller';

/** The signed door of banks' counters, apps and shops. */
@Module({
  controllers: [
    NumberQueriesController,
    PaymentsController,
    BulkPaymentsController,
    ReversalsController,
    RefundsController,
    AgreementsController,
    LinkedNumbersController,
    EventsController,
    WebhookEndpointsController,
    ExposureController,
    StatementsController,
  ],
  providers: [HotRoutes],
})
export class PartnerApiModule {}

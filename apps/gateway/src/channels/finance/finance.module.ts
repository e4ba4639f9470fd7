import { Module } from '@nestjs/common';
import { AdjustmentsController } from './adjustments.controller';
import { AgreementBooksController } from './agreement-books.controller';
import { BreaksController } from './breaks.controller';
import { CareController } from './care.controller';
import { CreditRunsController } from './credit-runs.controller';
import { DeskController } from './desk.controller';
import { DaysController } from './days.controller';
import { DoubtsController } from './doubts.controller';
import { FileDoors } from './file-doors';
import { FinanceToday } from './finance-today';
import { HandMovesController } from './hand-moves.controller';
import { InvoicesController } from './invoices.controller';
import { MonthsController } from './months.controller';
import { NumberChangesController } from './number-changes.controller';
import { OperationsController } from './operations.controller';
import { OperatorAudit } from './operator-audit';
import { OperatorSessionsController } from './operator-sessions.controller';
import { PartyStatementsController } from './party-statements.controller';
import { PayeesController } from './payees.controller';
import { PayoutsController } from './payouts.controller';
import { PoliciesController } from './policies.controller';
import { PositionsController } from './positions.controller';
import { ReportFilesController } from './report-files.controller';
import { RiskController } from './risk.controller';
import { RoutingController } from './routing.controller';
import { StatementUploadsController } from './statement-uploads.controller';
import { TermsController } from './terms.controller';
import { TreasuryController } from './treasury.controller';
import { ExposuresController } from './exposures.controller';
import { WebhooksController } from './webhooks.controller';

/** The door of the carrier's own people. */
@Module({
  controllers: [
    OperatorSessionsController,
    DaysController,
    BreaksController,
    DeskController,
    CreditRunsController,
    PositionsController,
    PoliciesController,
    InvoicesController,
    ReportFilesController,
    OperationsController,
    NumberChangesController,
    CareController,
    DoubtsController,
    RoutingController,
    WebhooksController,
    ExposuresController,
    RiskController,
    AgreementBooksController,
    MonthsController,
    AdjustmentsController,
    PartyStatementsController,
    PayoutsController,
    PayeesController,
    HandMovesController,
    TermsController,
    TreasuryController,
    StatementUploadsController,
  ],
  providers: [FinanceToday, OperatorAudit, FileDoors],
})
export class FinanceModule {}

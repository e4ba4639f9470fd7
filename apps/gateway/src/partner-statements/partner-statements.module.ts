import { Global, Module } from '@nestjs/common';
import { PartnerStatements } from './partner-statements';
import { ReadyStatementsJob } from './ready-statements.job';
import { StatementsStore } from './statements.store';

/** What we booked for collecting partners, a file a date. Global: they fetch it at their door. */
@Global()
@Module({
  providers: [PartnerStatements, StatementsStore, ReadyStatementsJob],
  exports: [PartnerStatements],
})
export class PartnerStatementsModule {}

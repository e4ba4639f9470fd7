import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { PositionsModule } from '../positions/positions.module';
import { GetStatement } from './get-statement';
import { IssueStatement } from './issue-statement';
import { PartyStatementsController } from './party-statements.controller';
import { PartyStatementsStore } from './party-statements.store';
import { StatementGate } from './statement-gate';
import { StatementsController } from './statements.controller';

@Module({
  imports: [PartiesModule, PositionsModule],
  controllers: [PartyStatementsController, StatementsController],
  providers: [GetStatement, IssueStatement, PartyStatementsStore, StatementGate],
  exports: [IssueStatement, StatementGate],
})
export class StatementsModule {}

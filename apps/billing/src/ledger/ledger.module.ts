import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { BranchSumsStore } from './branch-sums.store';
import { LedgerController } from './ledger.controller';
import { SumBranches } from './sum-branches';
import { VerifyLedger } from './verify-ledger';

@Module({
  imports: [BranchesModule],
  controllers: [LedgerController],
  providers: [BranchSumsStore, SumBranches, VerifyLedger],
})
export class LedgerModule {}

import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { CountReceivables } from './count-receivables';
import { KeepAnchorsJob } from './keep-anchors.job';
import { KeepReceivablesJob } from './keep-receivables.job';
import { LedgerController } from './ledger.controller';
import { ListOpenItems } from './list-open-items';
import { PromotionsStore } from './promotions.store';
import { PullPromotions } from './pull-promotions';
import { ReceivablesStore } from './receivables.store';
import { SettleItems } from './settle-items';
import { SumBranches } from './sum-branches';
import { VerifyLedger } from './verify-ledger';

@Module({
  imports: [BranchesModule],
  controllers: [LedgerController],
  providers: [
    ReceivablesStore,
    CountReceivables,
    KeepReceivablesJob,
    KeepAnchorsJob,
    SumBranches,
    ListOpenItems,
    SettleItems,
    PromotionsStore,
    PullPromotions,
    VerifyLedger,
  ],
})
export class LedgerModule {}

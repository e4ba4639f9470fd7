import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { TopupsModule } from '../topups/topups.module';
import { BillsController } from './bills.controller';
import { BillsStore } from './bills.store';
import { IssueBills } from './issue-bills';
import { ListBills } from './list-bills';
import { SettleWaitingJob } from './settle-waiting.job';

@Module({
  imports: [PoliciesModule, SubscribersModule, TopupsModule],
  controllers: [BillsController],
  providers: [BillsStore, IssueBills, ListBills, SettleWaitingJob],
  exports: [BillsStore],
})
export class BillsModule {}

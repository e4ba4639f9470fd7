import { Module } from '@nestjs/common';
import { BranchesModule } from '../branches/branches.module';
import { SubscribersModule } from '../subscribers/subscribers.module';
import { BillingTerms } from './billing-terms';
import { DecidePolicy } from './decide-policy';
import { PoliciesController } from './policies.controller';
import { PoliciesStore } from './policies.store';
import { PolicyBook } from './policy-book';
import { ProposePolicy } from './propose-policy';
import { ReadPolicies } from './read-policies';

@Module({
  imports: [BranchesModule, SubscribersModule],
  controllers: [PoliciesController],
  providers: [PoliciesStore, PolicyBook, ProposePolicy, DecidePolicy, ReadPolicies, BillingTerms],
  exports: [PolicyBook, BillingTerms],
})
export class PoliciesModule {}

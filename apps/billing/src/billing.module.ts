import { Module, type DynamicModule } from '@nestjs/common';
import type { BillingConfig } from './billing.config';
import { BillsModule } from './bills/bills.module';
import { BranchesModule } from './branches/branches.module';
import { DaybookModule } from './daybook/daybook.module';
import { InvoicesModule } from './invoices/invoices.module';
import { LedgerModule } from './ledger/ledger.module';
import { NumbersModule } from './numbers/numbers.module';
import { PoliciesModule } from './policies/policies.module';
import { ResourcesModule } from './resources/resources.module';
import { SubscribersModule } from './subscribers/subscribers.module';
import { TopupsModule } from './topups/topups.module';

@Module({})
export class BillingModule {
  static with(config: BillingConfig): DynamicModule {
    return {
      module: BillingModule,
      imports: [
        ResourcesModule.with(config),
        BranchesModule,
        NumbersModule,
        SubscribersModule,
        TopupsModule,
        PoliciesModule,
        BillsModule,
        InvoicesModule,
        LedgerModule,
        DaybookModule,
      ],
    };
  }
}

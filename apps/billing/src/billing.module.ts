import { Module, type DynamicModule } from '@nestjs/common';
import type { BillingConfig } from './billing.config';
import { BranchesModule } from './branches/branches.module';
import { DaybookModule } from './daybook/daybook.module';
import { LedgerModule } from './ledger/ledger.module';
import { NumbersModule } from './numbers/numbers.module';
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
        LedgerModule,
        DaybookModule,
      ],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { AdjustmentsModule } from './adjustments/adjustments.module';
import { BankModule } from './bank/bank.module';
import { FeesModule } from './fees/fees.module';
import { HandMovesModule } from './hand-moves/hand-moves.module';
import { LedgerModule } from './ledger/ledger.module';
import { MonthsModule } from './months/months.module';
import { PayoutsModule } from './payouts/payouts.module';
import { TreasuryModule } from './payouts/treasury.module';
import { PositionsModule } from './positions/positions.module';
import { ProfileModule } from './profile/profile.module';
import { ProviderDaysModule } from './provider-days/provider-days.module';
import { ResolutionsModule } from './resolutions/resolutions.module';
import { ResourcesModule } from './resources/resources.module';
import type { SettlementConfig } from './settlement.config';
import { SimulationModule } from './simulation/simulation.module';
import { StatementsModule } from './statements/statements.module';

@Module({})
export class SettlementModule {
  static with(config: SettlementConfig): DynamicModule {
    return {
      module: SettlementModule,
      imports: [
        ResourcesModule.with(config),
        TreasuryModule,
        ProfileModule,
        FeesModule,
        SimulationModule,
        ProviderDaysModule,
        ResolutionsModule,
        PositionsModule,
        StatementsModule,
        PayoutsModule,
        BankModule,
        HandMovesModule,
        LedgerModule,
        MonthsModule,
        AdjustmentsModule,
      ],
    };
  }
}

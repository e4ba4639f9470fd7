import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { CommissionsModule } from '../commissions/commissions.module';
import { FeesModule } from '../fees/fees.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PositionsModule } from '../positions/positions.module';
import { PromotionsModule } from '../promotions/promotions.module';
import { StatementsModule } from '../statements/statements.module';
import { CloseMonth } from './close-month';
import { MonthLinesStore } from './month-lines.store';
import { MonthStatements } from './month-statements';
import { MonthWork } from './month-work';
import { MonthsController } from './months.controller';
import { MonthsStore } from './months.store';
import { ShowMonth } from './show-month';
import { SignOffMonth } from './sign-off-month';

@Module({
  imports: [
    BatchesModule,
    CommissionsModule,
    FeesModule,
    LedgerModule,
    PositionsModule,
    PromotionsModule,
    StatementsModule,
  ],
  controllers: [MonthsController],
  providers: [CloseMonth, MonthLinesStore, MonthStatements, MonthWork, MonthsStore, ShowMonth, SignOffMonth],
})
export class MonthsModule {}

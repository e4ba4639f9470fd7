import { Module } from '@nestjs/common';
import { ChangePlan } from './change-plan';
import { CommissionPlansStore } from './commission-plans.store';
import { PlansController } from './plans.controller';

@Module({
  controllers: [PlansController],
  providers: [ChangePlan, CommissionPlansStore],
  exports: [CommissionPlansStore],
})
export class CommissionsModule {}

import { Module } from '@nestjs/common';
import { CommissionPlansStore } from './commission-plans.store';

@Module({ providers: [CommissionPlansStore], exports: [CommissionPlansStore] })
export class CommissionsModule {}

import { Module } from '@nestjs/common';
import { CommissionsModule } from '../commissions/commissions.module';
import { FeesModule } from '../fees/fees.module';
import { ApplyProfile } from './apply-profile';

@Module({ imports: [FeesModule, CommissionsModule], providers: [ApplyProfile] })
export class ProfileModule {}

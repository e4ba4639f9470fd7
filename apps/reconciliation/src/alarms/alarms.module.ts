import { Module } from '@nestjs/common';
import { AlarmsStore } from './alarms.store';
import { RaiseAlarm } from './raise-alarm';

@Module({ providers: [AlarmsStore, RaiseAlarm], exports: [AlarmsStore, RaiseAlarm] })
export class AlarmsModule {}

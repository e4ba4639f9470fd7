import { Module } from '@nestjs/common';
import { AlarmsController } from './alarms.controller';
import { AlarmsStore } from './alarms.store';
import { RaiseAlarm } from './raise-alarm';

@Module({ controllers: [AlarmsController], providers: [AlarmsStore, RaiseAlarm], exports: [AlarmsStore, RaiseAlarm] })
export class AlarmsModule {}

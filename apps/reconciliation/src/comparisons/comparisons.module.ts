import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { FindingsModule } from '../breaks/findings.module';
import { StepsModule } from '../close/steps.module';
import { CompareDay } from './compare-day';

/** What is compared beside statements. */
@Module({ imports: [AlarmsModule, FindingsModule, StepsModule], providers: [CompareDay], exports: [CompareDay] })
export class ComparisonsModule {}

import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BreaksModule } from '../breaks/breaks.module';
import { FindingsModule } from '../breaks/findings.module';
import { StatusModule } from '../close/status.module';
import { StepsModule } from '../close/steps.module';
import { ComparisonsModule } from '../comparisons/comparisons.module';
import { MatchingModule } from '../matching/matching.module';
import { ReadDayReport } from './day-report';
import { ReadNames } from './names';
import { Notify } from './notify';
import { QualityStore } from './quality.store';
import { ReadReport } from './read-report';
import { ReportsController } from './reports.controller';
import { WriteReports } from './write-reports';
import { WriteStatements } from './write-statements';

@Module({
  imports: [AlarmsModule, BreaksModule, ComparisonsModule, FindingsModule, MatchingModule, StatusModule, StepsModule],
  controllers: [ReportsController],
  providers: [QualityStore, ReadReport, ReadDayReport, ReadNames, WriteReports, WriteStatements, Notify],
  exports: [WriteStatements, Notify],
})
export class ReportsModule {}

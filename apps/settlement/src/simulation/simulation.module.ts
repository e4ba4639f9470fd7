import { Module } from '@nestjs/common';
import { FeesModule } from '../fees/fees.module';
import { ChargedLinesStore } from './charged-lines.store';
import { SimulateSchedule } from './simulate-schedule';
import { SimulationController } from './simulation.controller';

@Module({
  imports: [FeesModule],
  controllers: [SimulationController],
  providers: [ChargedLinesStore, SimulateSchedule],
})
export class SimulationModule {}

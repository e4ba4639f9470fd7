import { Module } from '@nestjs/common';
import { FeesModule } from '../fees/fees.module';
import { ChargedLinesStore } from './charged-lines.store';
import { ItemsModule } from '../items/items.module';
import { SealedCharged } from './sealed-charged';
import { SimulateSchedule } from './simulate-schedule';
import { SimulationController } from './simulation.controller';

@Module({
  imports: [FeesModule, ItemsModule],
  controllers: [SimulationController],
  providers: [ChargedLinesStore, SealedCharged, SimulateSchedule],
})
export class SimulationModule {}

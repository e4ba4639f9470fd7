import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { GetPositions } from './get-positions';
import { PositionsController } from './positions.controller';
import { PositionsStore } from './positions.store';

@Module({
  imports: [PartiesModule],
  controllers: [PositionsController],
  providers: [GetPositions, PositionsStore],
  exports: [PositionsStore],
})
export class PositionsModule {}

import { Module } from '@nestjs/common';
import { BankModule } from '../bank/bank.module';
import { ResolutionsModule } from '../resolutions/resolutions.module';
import { DecideHandMove } from './decide-hand-move';
import { HandMovesController } from './hand-moves.controller';
import { HandMovesStore } from './hand-moves.store';
import { ResumeHandMovesJob } from './resume-hand-moves.job';
import { SuspenseItemsStore } from './suspense-items.store';

/** Money that only people can move, two of them. */
@Module({
  imports: [BankModule, ResolutionsModule],
  controllers: [HandMovesController],
  providers: [DecideHandMove, HandMovesStore, ResumeHandMovesJob, SuspenseItemsStore],
})
export class HandMovesModule {}

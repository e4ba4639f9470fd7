import { Global, Module } from '@nestjs/common';
import { AskAgain } from './ask-again';
import { DecideDoubt } from './decide-doubt';
import { DoubtsStore } from './doubts.store';
import { FindDoubtsJob } from './find-doubts.job';

/** The human queue. Global: the carrier's people work in it through their own door. */
@Global()
@Module({
  providers: [DoubtsStore, AskAgain, DecideDoubt, FindDoubtsJob],
  exports: [DoubtsStore, AskAgain, DecideDoubt, FindDoubtsJob],
})
export class DoubtsModule {}

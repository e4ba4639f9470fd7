import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksStore } from './books.store';
import { CompleteBooks } from './complete-books';
import { FreezeBooks } from './freeze-books';
import { PullBooks } from './pull-books';
import { PullJob } from './pull.job';
import { PullLane } from './pull-lane';

@Module({
  imports: [AlarmsModule],
  providers: [BooksStore, PullLane, PullBooks, PullJob, FreezeBooks, CompleteBooks],
  exports: [BooksStore, FreezeBooks, CompleteBooks],
})
export class BooksModule {}

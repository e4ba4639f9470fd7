import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksStore } from './books.store';
import { CompleteBooks } from './complete-books';
import { FreezeBooks } from './freeze-books';
import { LoadBooks } from './load-books';
import { PullBooks } from './pull-books';
import { PullJob } from './pull.job';
import { PullLane } from './pull-lane';
import { ReadSegment } from './read-segment';
import { SegmentsStore } from './segments.store';

@Module({
  imports: [AlarmsModule],
  providers: [
    BooksStore,
    SegmentsStore,
    PullLane,
    PullBooks,
    PullJob,
    ReadSegment,
    LoadBooks,
    FreezeBooks,
    CompleteBooks,
  ],
  exports: [BooksStore, FreezeBooks, CompleteBooks],
})
export class BooksModule {}

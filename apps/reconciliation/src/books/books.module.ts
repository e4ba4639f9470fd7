import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module';
import { BooksStore } from './books.store';
import { CompleteBooks } from './complete-books';
import { FreezeBooks } from './freeze-books';
import { HashKeyStore } from './hash-key.store';
import { LoadBooks } from './load-books';
import { MatchScratch } from './match-scratch';
import { PullBooks } from './pull-books';
import { PullJob } from './pull.job';
import { PullLane } from './pull-lane';
import { ReadSegment } from './read-segment';
import { SealBooks } from './seal-books';
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
    SealBooks,
    HashKeyStore,
    MatchScratch,
  ],
  exports: [BooksStore, FreezeBooks, CompleteBooks, SealBooks, HashKeyStore, MatchScratch],
})
export class BooksModule {}

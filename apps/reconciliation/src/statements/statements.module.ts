import { Module } from '@nestjs/common';
import { FetchStatement } from './fetch-statement';
import { ReadStatement } from './read-statement';
import { StatementsStore } from './statements.store';

@Module({
  providers: [StatementsStore, FetchStatement, ReadStatement],
  exports: [StatementsStore, FetchStatement, ReadStatement],
})
export class StatementsModule {}

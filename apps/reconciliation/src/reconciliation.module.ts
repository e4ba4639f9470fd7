import { Module, type DynamicModule } from '@nestjs/common';
import { BooksModule } from './books/books.module';
import { BreaksModule } from './breaks/breaks.module';
import { NightModule } from './close/night.module';
import { MatchingModule } from './matching/matching.module';
import type { ReconciliationConfig } from './reconciliation.config';
import { ReportsModule } from './reports/reports.module';
import { ResourcesModule } from './resources.module';

@Module({})
export class ReconciliationModule {
  static with(config: ReconciliationConfig): DynamicModule {
    return {
      module: ReconciliationModule,
      imports: [ResourcesModule.with(config), BooksModule, MatchingModule, BreaksModule, ReportsModule, NightModule],
    };
  }
}

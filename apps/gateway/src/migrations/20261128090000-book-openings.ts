import { bookOpenings } from '@yidian/journal';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each date begins on the lanes; facts are no longer indexed by provider and date. */
export class BookOpenings1795856400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of bookOpenings()) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

import { sealTables } from '@yidian/journal';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signatures of anchors, by a key that does not lie in the database. */
export class AnchorSeals1795460400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of sealTables()) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

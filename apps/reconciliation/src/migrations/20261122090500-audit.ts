import { auditTables, journalTables } from '@yidian/journal';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Audit lanes: who decided what, hash-chained. The journal's other tables come with the lanes and stay empty here. */
export class Audit1795340000006 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [...journalTables(), ...auditTables()]) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

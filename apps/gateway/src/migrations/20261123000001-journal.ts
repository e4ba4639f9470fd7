import { auditTables, journalTables } from '@yidian/journal';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lanes, books and the audit trail of the gateway. */
export class Journal1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...journalTables(), ...auditTables()]) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

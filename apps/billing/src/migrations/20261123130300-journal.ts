import { auditTables, journalTables } from '@yidian/journal';
import { ledgerTables } from '@yidian/ledger';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lanes, facts and books, the service ledger, the audit. */
export class Journal1795410180001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [...journalTables(), ...ledgerTables(), ...auditTables()]) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

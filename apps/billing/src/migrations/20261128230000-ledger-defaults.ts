import { ledgerDefaults } from '@yidian/ledger';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What most rows have alike is left to the columns: each value of an INSERT costs the server half a microsecond. */
export class LedgerDefaults1795906800000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of ledgerDefaults()) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

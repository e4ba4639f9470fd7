import { termTables } from '@yidian/ledger';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts may be frozen or closed; holds may have an end. */
export class LedgerTerms1795465200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of termTables()) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

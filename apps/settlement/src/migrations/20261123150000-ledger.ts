import { journalTables } from '@yidian/journal';
import { ledgerTables } from '@yidian/ledger';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lanes and the money ledger on them. */
export class Ledger1795413000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [...journalTables(), ...ledgerTables()]) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

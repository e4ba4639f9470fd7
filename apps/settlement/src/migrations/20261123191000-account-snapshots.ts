import { snapshotTables } from '@yidian/ledger';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Balances as they stood at an anchor: where verification begins. */
export class AccountSnapshots1795461000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of snapshotTables()) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

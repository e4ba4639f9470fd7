import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All parties of one period, in the order they are listed, without walking through every party's history. */
export class StatementPeriods1795945260000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE INDEX party_statement_period ON party_statement (period, party, version)');
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All numbers of a branch are compared with its province, page by page: none is found by reading everybody else's. */
export class NumbersOfBranch1795944300000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE subscriber ADD KEY subscriber_of_branch (branch, msisdn)');
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

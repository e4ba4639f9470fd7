import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dispute names the payment only as the provider does. What partners collect themselves has no attempt and costs nothing. */
export class AttemptNames1795925400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD KEY attempt_txn (provider_txn_id)');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A payment may be taken twice, at two providers: what goes back of the second names the attempt that took it. */
export class SecondTakings1795932000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refund ADD COLUMN attempt_no CHAR(22) NULL');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * How many payments of a run's sealed lines each home branch and channel has, counted when they were sealed. Sets sealed before
 * have none: what they hold by branch and channel stays unknown.
 */
export class MatchedCounts1795944000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE matched_count (
      run_id CHAR(64) NOT NULL,
      branch CHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      n BIGINT NOT NULL,
      PRIMARY KEY (run_id, branch, channel)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

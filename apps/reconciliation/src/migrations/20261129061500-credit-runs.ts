import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** The credit run of a branch that keeps its own billing system: its file of a date beside our orders. */
export class CreditRuns1795932900000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE credit_run (
      branch CHAR(6) NOT NULL,
      date DATE NOT NULL,
      state VARCHAR(12) NOT NULL,
      version INT NOT NULL,
      sha256 VARCHAR(64) NOT NULL,
      line_count INT NOT NULL,
      agrees TINYINT NOT NULL,
      amount BIGINT NOT NULL,
      ours BIGINT NOT NULL,
      parts VARCHAR(600) NOT NULL,
      residual BIGINT NOT NULL,
      found INT NOT NULL,
      numbers_asked INT NOT NULL,
      numbers_unanswered INT NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (branch, date),
      KEY day (date)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

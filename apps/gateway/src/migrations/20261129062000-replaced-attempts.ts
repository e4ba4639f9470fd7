import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts to whose place others came: each is asked about until nothing can come of it any more. */
export class ReplacedAttempts1795933200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE replaced_attempt (
      attempt_no CHAR(22) NOT NULL,
      payment_no CHAR(20) NOT NULL,
      state VARCHAR(8) NOT NULL,
      tries INT NOT NULL,
      not_found INT NOT NULL,
      due_at DATETIME(3) NULL,
      PRIMARY KEY (attempt_no),
      KEY replaced_attempt_due (state, due_at),
      CHECK (state IN ('open', 'settled', 'people'))
    )`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

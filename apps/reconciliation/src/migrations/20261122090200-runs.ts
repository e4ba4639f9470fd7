import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** A run is named by the hashes of its inputs; its items are written once under that name, by whoever computes them. */
export class Runs1795340000003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE run (
      run_id CHAR(64) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      state VARCHAR(16) NOT NULL,
      statement_version INT NOT NULL,
      inputs LONGTEXT NOT NULL,
      digest CHAR(64) NOT NULL,
      counts LONGTEXT NOT NULL,
      bridges LONGTEXT NOT NULL,
      statement LONGTEXT NOT NULL,
      residual BIGINT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (run_id),
      KEY day (provider, date, state)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE match_item (
      run_id CHAR(64) NOT NULL,
      id CHAR(40) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      kind VARCHAR(10) NOT NULL,
      class VARCHAR(32) NOT NULL,
      matched TINYINT NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      ref_no VARCHAR(64) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      amount BIGINT NOT NULL,
      fee BIGINT NOT NULL,
      currency CHAR(3) NOT NULL,
      branch VARCHAR(6) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      PRIMARY KEY (run_id, id),
      KEY payment (payment_no),
      KEY txn (provider_txn_id)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

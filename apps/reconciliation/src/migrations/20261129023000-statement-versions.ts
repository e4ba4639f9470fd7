import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Statements by version: who brought each, what a replacement changed, the lines that stand for themselves, the bytes that
 * nobody could read, and how long a statement has been waited for.
 */
export class StatementVersions1795919400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE statement_file
      ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0,
      ADD COLUMN source VARCHAR(8) NOT NULL DEFAULT 'fetched',
      ADD COLUMN actor VARCHAR(64) NOT NULL DEFAULT '',
      ADD COLUMN late TINYINT NOT NULL DEFAULT 0,
      ADD COLUMN format VARCHAR(32) NOT NULL DEFAULT '',
      ADD COLUMN difference LONGTEXT NULL`);
    await q.query(`CREATE TABLE statement_item (
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      version INT NOT NULL,
      n INT NOT NULL,
      kind VARCHAR(8) NOT NULL,
      line INT NOT NULL,
      file_offset BIGINT NULL,
      our_ref VARCHAR(64) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      orig_txn_id VARCHAR(64) NOT NULL,
      amount BIGINT NOT NULL,
      fee BIGINT NOT NULL,
      currency CHAR(3) NOT NULL,
      state VARCHAR(8) NOT NULL,
      occurred_at DATETIME(3) NOT NULL,
      raw TEXT NOT NULL,
      PRIMARY KEY (provider, date, version, n),
      KEY kind (provider, kind, date),
      KEY txn (provider_txn_id)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE statement_quarantine (
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      version INT NOT NULL,
      n INT NOT NULL,
      line INT NOT NULL,
      file_offset BIGINT NULL,
      reason VARCHAR(200) NOT NULL,
      raw BLOB NOT NULL,
      PRIMARY KEY (provider, date, version, n)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE statement_change (
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      version INT NOT NULL,
      n INT NOT NULL,
      what VARCHAR(8) NOT NULL,
      kind VARCHAR(8) NOT NULL,
      our_ref VARCHAR(64) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      line_before INT NULL,
      line_after INT NULL,
      amount_before BIGINT NULL,
      amount_after BIGINT NULL,
      fee_before BIGINT NULL,
      fee_after BIGINT NULL,
      PRIMARY KEY (provider, date, version, n)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE statement_wait (
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      state VARCHAR(12) NOT NULL,
      tries INT NOT NULL,
      next_at DATETIME(3) NULL,
      deadline_at DATETIME(3) NOT NULL,
      late_at DATETIME(3) NULL,
      detail VARCHAR(300) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (provider, date),
      KEY late (state, deadline_at)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

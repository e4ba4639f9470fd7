import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Pulled facts and the books they make. A fact is stored once and never changed; its source has the last word on totals. */
export class Books1795340000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE pull_cursor (
      service VARCHAR(16) NOT NULL,
      lane_id INT NOT NULL,
      seq BIGINT NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (service, lane_id)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE book_fact (
      service VARCHAR(16) NOT NULL,
      lane_id INT NOT NULL,
      seq BIGINT NOT NULL,
      provider VARCHAR(32) NOT NULL,
      book_date DATE NOT NULL,
      business_date DATE NULL,
      kind VARCHAR(20) NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      ref_no VARCHAR(64) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      amount BIGINT NOT NULL,
      currency CHAR(3) NOT NULL,
      branch VARCHAR(6) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      occurred_at DATETIME(3) NOT NULL,
      PRIMARY KEY (service, lane_id, seq),
      KEY book (provider, book_date),
      KEY payment (payment_no),
      KEY ref (ref_no),
      KEY txn (provider_txn_id)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE book (
      provider VARCHAR(32) NOT NULL,
      book_date DATE NOT NULL,
      service VARCHAR(16) NOT NULL,
      epoch BIGINT NOT NULL,
      vector LONGTEXT NOT NULL,
      vector_hash CHAR(64) NOT NULL,
      horizon LONGTEXT NULL,
      totals LONGTEXT NULL,
      frozen_at DATETIME(3) NOT NULL,
      PRIMARY KEY (provider, book_date, service)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

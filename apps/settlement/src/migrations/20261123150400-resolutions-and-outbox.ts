import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approved resolutions by their key, and what billing still has to be told. */
export class ResolutionsAndOutbox1795413240001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE resolution (
      k VARCHAR(64) NOT NULL,
      input_hash CHAR(64) NOT NULL,
      state VARCHAR(8) NOT NULL,
      reason VARCHAR(40) NOT NULL,
      batch_id VARCHAR(56) NOT NULL,
      item_id VARCHAR(64) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      action VARCHAR(16) NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      branch VARCHAR(6) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      amount BIGINT NOT NULL,
      actor VARCHAR(64) NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (k),
      KEY resolution_day (provider, day, state),
      KEY resolution_batch (batch_id),
      CHECK (state IN ('waiting', 'applied', 'rejected'))
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE settled_outbox (
      k VARCHAR(64) NOT NULL,
      branch CHAR(6) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      amount BIGINT NOT NULL,
      currency CHAR(3) NOT NULL,
      state VARCHAR(8) NOT NULL,
      due_at DATETIME(3) NULL,
      tries INT NOT NULL,
      reason VARCHAR(200) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (k),
      KEY settled_outbox_due (state, due_at),
      CHECK (state IN ('open', 'sent', 'refused'))
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

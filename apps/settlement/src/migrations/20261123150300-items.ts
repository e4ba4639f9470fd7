import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statement lines as settled, and what of them waits in suspense. */
export class Items1795413180001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE settled_item (
      batch_id VARCHAR(56) NOT NULL,
      item_id VARCHAR(64) NOT NULL,
      kind VARCHAR(8) NOT NULL,
      class VARCHAR(32) NOT NULL,
      matched TINYINT NOT NULL,
      place VARCHAR(12) NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      ref_no VARCHAR(40) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      branch VARCHAR(6) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      amount BIGINT NOT NULL,
      statement_fee BIGINT NOT NULL,
      fee BIGINT NOT NULL,
      commission BIGINT NOT NULL,
      earner VARCHAR(80) NOT NULL,
      schedule_id VARCHAR(40) NOT NULL,
      plan_id VARCHAR(40) NOT NULL,
      origin VARCHAR(64) NOT NULL,
      refunded BIGINT NOT NULL,
      fee_returned BIGINT NOT NULL,
      clawed BIGINT NOT NULL,
      PRIMARY KEY (batch_id, item_id),
      KEY settled_item_id (item_id),
      KEY settled_item_payment (payment_no)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE suspense_item (
      item_id VARCHAR(64) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      open BIGINT NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (item_id),
      KEY suspense_item_provider (provider, day)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

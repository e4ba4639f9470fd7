import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches with their fixed plan of legs, and which batch a provider-day stands on. */
export class Batches1795413120001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE provider_day (
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      generation INT NOT NULL,
      batch_id VARCHAR(56) NOT NULL,
      PRIMARY KEY (provider, day),
      KEY provider_day_day (day)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE settlement_batch (
      batch_id VARCHAR(56) NOT NULL,
      kind VARCHAR(12) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      run_id VARCHAR(64) NOT NULL,
      digest VARCHAR(128) NOT NULL,
      actor VARCHAR(64) NOT NULL,
      state VARCHAR(10) NOT NULL,
      fence INT NOT NULL,
      principal BIGINT NOT NULL,
      fees BIGINT NOT NULL,
      commissions BIGINT NOT NULL,
      suspense BIGINT NOT NULL,
      branches INT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (batch_id),
      KEY settlement_batch_day (provider, day),
      KEY settlement_batch_state (state, updated_at),
      CHECK (state IN ('planning', 'abandoned', 'posting', 'settled', 'reversing', 'reversed'))
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE batch_leg (
      batch_id VARCHAR(56) NOT NULL,
      posting_no INT NOT NULL,
      leg_no INT NOT NULL,
      debit VARCHAR(80) NOT NULL,
      credit VARCHAR(80) NOT NULL,
      amount BIGINT NOT NULL,
      kind VARCHAR(20) NOT NULL,
      refers_to VARCHAR(64) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      items INT NOT NULL,
      PRIMARY KEY (batch_id, posting_no, leg_no),
      CHECK (amount > 0)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

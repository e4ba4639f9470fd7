import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers charge and what we pay for bringing payments. Rows are added, never edited. */
export class Contracts1795413060001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE fee_schedule (
      id VARCHAR(40) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      valid_from DATE NOT NULL,
      valid_to DATE NULL,
      ppm BIGINT NOT NULL,
      fixed BIGINT NOT NULL,
      min BIGINT NOT NULL,
      cap BIGINT NULL,
      rounding VARCHAR(8) NOT NULL,
      collection VARCHAR(8) NOT NULL,
      refund_policy VARCHAR(12) NOT NULL,
      bearers TEXT NOT NULL,
      PRIMARY KEY (id)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE commission_plan (
      id VARCHAR(40) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      earner VARCHAR(20) NOT NULL,
      ppm BIGINT NOT NULL,
      rounding VARCHAR(8) NOT NULL,
      valid_from DATE NOT NULL,
      valid_to DATE NULL,
      PRIMARY KEY (id)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

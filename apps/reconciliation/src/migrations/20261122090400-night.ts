import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** The night's graph as rows; Redis only rings. */
export class Night1795340000005 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE step (
      id VARCHAR(80) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      generation INT NOT NULL,
      name VARCHAR(12) NOT NULL,
      state VARCHAR(12) NOT NULL,
      inputs_hash CHAR(64) NULL,
      result_hash CHAR(64) NULL,
      fence BIGINT NOT NULL,
      owner VARCHAR(64) NULL,
      lease_until DATETIME(3) NULL,
      not_before DATETIME(3) NULL,
      tries INT NOT NULL,
      error VARCHAR(300) NULL,
      started_at DATETIME(3) NULL,
      done_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY day (date, provider),
      KEY due (state, not_before)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE step_edge (
      child VARCHAR(80) NOT NULL,
      parent VARCHAR(80) NOT NULL,
      PRIMARY KEY (child, parent),
      KEY parent (parent)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE alarm (
      id CHAR(36) NOT NULL,
      kind VARCHAR(32) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NULL,
      detail VARCHAR(600) NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY at (at)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE day_sign_off (
      date DATE NOT NULL,
      actor VARCHAR(64) NOT NULL,
      checks LONGTEXT NOT NULL,
      signed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (date)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

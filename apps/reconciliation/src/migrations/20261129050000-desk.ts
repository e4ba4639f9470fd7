import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Owners and due dates of breaks, evidence of proposals, rules as dated data, how far steps are, backfills. */
export class Desk1795928400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE recon_break
      ADD COLUMN owner VARCHAR(64) NOT NULL DEFAULT '',
      ADD COLUMN due_on DATE NULL,
      ADD COLUMN proposal_evidence VARCHAR(500) NULL,
      ADD COLUMN proposal_to VARCHAR(64) NULL,
      ADD KEY owned (owner, state)`);
    await q.query(`ALTER TABLE resolution
      ADD COLUMN target VARCHAR(64) NULL`);
    await q.query(`ALTER TABLE step
      ADD COLUMN lines_done BIGINT NOT NULL DEFAULT 0,
      ADD COLUMN lines_total BIGINT NOT NULL DEFAULT 0,
      ADD COLUMN run_at DATETIME(3) NULL,
      ADD COLUMN told_at DATETIME(3) NULL`);
    await q.query(`CREATE TABLE auto_rule (
      id VARCHAR(40) NOT NULL,
      class VARCHAR(32) NOT NULL,
      valid_from DATE NOT NULL,
      limits VARCHAR(300) NOT NULL,
      reason VARCHAR(300) NOT NULL,
      state VARCHAR(10) NOT NULL,
      proposed_by VARCHAR(64) NOT NULL,
      proposed_at DATETIME(3) NOT NULL,
      decided_by VARCHAR(64) NULL,
      decided_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY class (class, state, valid_from)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE backfill (
      id CHAR(36) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      from_date DATE NOT NULL,
      to_date DATE NOT NULL,
      at_date DATE NOT NULL,
      asked TINYINT NOT NULL,
      state VARCHAR(10) NOT NULL,
      detail VARCHAR(300) NOT NULL,
      actor VARCHAR(64) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY state (state)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

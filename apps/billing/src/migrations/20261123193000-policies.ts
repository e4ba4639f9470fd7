import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What branches decide for themselves, in versions that are never edited: a proposal is approved or rejected once, by somebody
 * else. `policy_head` moves with each approval, so that who keeps the versions in memory can ask cheaply for news.
 */
const TABLES = [
  `CREATE TABLE branch_policy (
    branch CHAR(6) NOT NULL,
    version INT NOT NULL,
    state VARCHAR(8) NOT NULL,
    valid_from DATETIME(3) NOT NULL,
    in_force_from DATETIME(3) NULL,
    body LONGTEXT NOT NULL,
    reason VARCHAR(500) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NULL,
    decided_at DATETIME(3) NULL,
    decision_reason VARCHAR(500) NULL,
    PRIMARY KEY (branch, version),
    KEY branch_policy_state (state, branch),
    CHECK (state IN ('proposed', 'approved', 'rejected') AND (decided_by IS NULL OR decided_by <> proposed_by))
  ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
  `CREATE TABLE policy_head (
    id TINYINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK (id = 1)
  ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
  'INSERT INTO policy_head (id, version) VALUES (1, 0)',
];

export class Policies1795462200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of TABLES) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

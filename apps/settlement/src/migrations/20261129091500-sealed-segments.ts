import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Plainly matched lines are settled in sealed parts: a batch's parts and the digest over them, and what their lines come to per
 * group of contracts. A line that is opened is a row with `sealed`, and its group's sum is without it.
 */
const STATEMENTS = [
  `ALTER TABLE settlement_batch ADD sealed CHAR(64) NOT NULL DEFAULT ''`,
  `ALTER TABLE settled_item ADD sealed TINYINT NOT NULL DEFAULT 0`,
  `CREATE TABLE settled_segment (
    batch_id VARCHAR(56) NOT NULL,
    part INT NOT NULL,
    n INT NOT NULL,
    first_no BIGINT NOT NULL,
    last_no BIGINT NOT NULL,
    path VARCHAR(255) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    PRIMARY KEY (batch_id, part),
    KEY settled_segment_numbers (last_no, first_no)
  ) ${TABLE}`,
  `CREATE TABLE settled_sum (
    batch_id VARCHAR(56) NOT NULL,
    branch VARCHAR(6) NOT NULL,
    acquiring_branch VARCHAR(6) NOT NULL,
    channel VARCHAR(16) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    schedule_id VARCHAR(40) NOT NULL,
    plan_id VARCHAR(40) NOT NULL,
    n BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    statement_fee BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    commission BIGINT NOT NULL,
    earned VARCHAR(1000) NOT NULL,
    PRIMARY KEY (batch_id, branch, acquiring_branch, channel, partner)
  ) ${TABLE}`,
];

export class SealedSegments1795943700000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

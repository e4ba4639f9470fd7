import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Corrections of signed-off days and months, by two people; their legs are never changed once they are proposed. */
const TABLES = [
  `CREATE TABLE adjustment (
    id VARCHAR(40) NOT NULL,
    state VARCHAR(8) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    period VARCHAR(10) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    evidence VARCHAR(2000) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NOT NULL,
    decided_at DATETIME(3) NULL,
    note VARCHAR(200) NOT NULL,
    accounting_date DATE NULL,
    batch_id VARCHAR(56) NOT NULL,
    PRIMARY KEY (id),
    KEY adjustment_proposed (proposed_at, id),
    KEY adjustment_batch (batch_id),
    CHECK (state IN ('proposed', 'approved', 'rejected')),
    CHECK (kind IN ('provider_day', 'platform_day', 'month')),
    CHECK (decided_by <> proposed_by)
  ) ${TABLE}`,
  `CREATE TABLE adjustment_leg (
    adjustment_id VARCHAR(40) NOT NULL,
    no INT NOT NULL,
    account VARCHAR(8) NOT NULL,
    party VARCHAR(40) NOT NULL,
    amount BIGINT NOT NULL,
    payment_no VARCHAR(32) NOT NULL,
    PRIMARY KEY (adjustment_id, no),
    CHECK (amount <> 0)
  ) ${TABLE}`,
];

export class Adjustments1795944600000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of TABLES) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

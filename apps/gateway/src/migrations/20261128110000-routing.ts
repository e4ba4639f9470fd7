import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which provider a payment goes to when it may go to several: versions of rules that two people agreed on, what was decided
 * for each attempt and why, and the hours in which a provider is planned to be away. A payer may name one agreement the
 * usual one.
 */
const TABLES = [
  `CREATE TABLE routing_version (
    version INT NOT NULL,
    state VARCHAR(10) NOT NULL,
    valid_from DATETIME(3) NOT NULL,
    in_force_from DATETIME(3) NULL,
    reason VARCHAR(500) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NULL,
    decided_at DATETIME(3) NULL,
    decision_reason VARCHAR(500) NULL,
    PRIMARY KEY (version),
    CHECK (state IN ('proposed', 'approved', 'rejected'))
  )`,
  `CREATE TABLE routing_rule (
    version INT NOT NULL,
    n INT NOT NULL,
    method VARCHAR(32) NOT NULL,
    branch VARCHAR(6) NOT NULL,
    amount_from BIGINT NULL,
    amount_to BIGINT NULL,
    choose_by VARCHAR(8) NOT NULL,
    least_success_ppm INT NOT NULL,
    PRIMARY KEY (version, n),
    CHECK (choose_by IN ('listed', 'cost', 'success'))
  )`,
  `CREATE TABLE routing_candidate (
    version INT NOT NULL,
    n INT NOT NULL,
    place INT NOT NULL,
    provider VARCHAR(32) NOT NULL,
    fee_ppm INT NULL,
    fee_fixed BIGINT NULL,
    PRIMARY KEY (version, n, place)
  )`,
  `CREATE TABLE routing_decision (
    attempt_no CHAR(22) NOT NULL,
    payment_no CHAR(20) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    rule_version INT NULL,
    rule_n INT NULL,
    reasons TEXT NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (attempt_no)
  )`,
  `CREATE TABLE maintenance_window (
    id VARCHAR(40) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    from_at DATETIME(3) NOT NULL,
    until_at DATETIME(3) NOT NULL,
    note VARCHAR(100) NOT NULL,
    planned_by VARCHAR(64) NOT NULL,
    planned_at DATETIME(3) NOT NULL,
    ended_by VARCHAR(64) NULL,
    ended_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY maintenance_window_until (until_at, provider),
    CHECK (from_at < until_at)
  )`,
  'ALTER TABLE agreement ADD COLUMN preferred TINYINT NOT NULL DEFAULT 0',
];

export class Routing1795863600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Contracts may have tiers, a base, a branch's own price, cascades and two people behind them; a settled line keeps the very
 * rates it was priced by. A month is closed step by step, and each step's figures are rows.
 */
const STATEMENTS = [
  `ALTER TABLE fee_schedule
    ADD product VARCHAR(16) NOT NULL DEFAULT '*',
    ADD branch VARCHAR(6) NOT NULL DEFAULT '*',
    ADD base VARCHAR(8) NOT NULL DEFAULT 'charged',
    ADD round_per VARCHAR(8) NOT NULL DEFAULT 'payment',
    ADD tiers VARCHAR(400) NOT NULL DEFAULT '',
    ADD tier_mode VARCHAR(12) NOT NULL DEFAULT 'marginal',
    ADD state VARCHAR(8) NOT NULL DEFAULT 'active',
    ADD proposed_by VARCHAR(64) NOT NULL DEFAULT '',
    ADD decided_by VARCHAR(64) NOT NULL DEFAULT '',
    ADD reason VARCHAR(200) NOT NULL DEFAULT '',
    ADD simulated VARCHAR(64) NOT NULL DEFAULT '',
    ADD CHECK (state IN ('draft', 'active', 'rejected'))`,
  `ALTER TABLE commission_plan
    ADD levels VARCHAR(2000) NOT NULL DEFAULT '',
    ADD rest INT NOT NULL DEFAULT 0,
    ADD base VARCHAR(8) NOT NULL DEFAULT 'face',
    ADD bearer VARCHAR(8) NOT NULL DEFAULT 'home',
    ADD tier_mode VARCHAR(12) NOT NULL DEFAULT 'marginal',
    ADD tax_ppm BIGINT NOT NULL DEFAULT 0,
    ADD claw_cap_ppm BIGINT NULL,
    ADD state VARCHAR(8) NOT NULL DEFAULT 'active',
    ADD proposed_by VARCHAR(64) NOT NULL DEFAULT '',
    ADD decided_by VARCHAR(64) NOT NULL DEFAULT '',
    ADD reason VARCHAR(200) NOT NULL DEFAULT '',
    ADD CHECK (state IN ('draft', 'active', 'rejected'))`,
  `ALTER TABLE settled_item
    ADD face BIGINT NOT NULL DEFAULT 0,
    ADD product VARCHAR(16) NOT NULL DEFAULT '',
    ADD fee_ppm BIGINT NOT NULL DEFAULT -1,
    ADD earned VARCHAR(500) NOT NULL DEFAULT ''`,
  `UPDATE settled_item SET face = amount`,
  `CREATE TABLE month_tier (
    terms_id VARCHAR(40) NOT NULL,
    level INT NOT NULL,
    month CHAR(7) NOT NULL,
    ppm BIGINT NOT NULL,
    PRIMARY KEY (terms_id, level, month)
  ) ${TABLE}`,
  `CREATE TABLE settlement_month (
    month CHAR(7) NOT NULL,
    state VARCHAR(12) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    signed_by VARCHAR(64) NOT NULL,
    digest CHAR(64) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (month),
    CHECK (state IN ('open', 'closing', 'closed', 'signed_off'))
  ) ${TABLE}`,
  `CREATE TABLE month_step (
    month CHAR(7) NOT NULL,
    no INT NOT NULL,
    name VARCHAR(24) NOT NULL,
    state VARCHAR(8) NOT NULL,
    detail VARCHAR(400) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (month, no),
    CHECK (state IN ('waiting', 'done', 'blocked'))
  ) ${TABLE}`,
  `CREATE TABLE month_figure (
    month CHAR(7) NOT NULL,
    step INT NOT NULL,
    terms_id VARCHAR(40) NOT NULL,
    party VARCHAR(80) NOT NULL,
    name VARCHAR(24) NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (month, step, terms_id, party, name)
  ) ${TABLE}`,
  `CREATE TABLE provider_invoice (
    provider VARCHAR(32) NOT NULL,
    month CHAR(7) NOT NULL,
    number VARCHAR(64) NOT NULL,
    amount BIGINT NOT NULL,
    entered_by VARCHAR(64) NOT NULL,
    entered_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, month, number)
  ) ${TABLE}`,
];

export class ContractTerms1795920000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

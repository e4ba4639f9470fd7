import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Standing orders to top up, each occasion of one as a row, and what was decided about a number, and why. `occasion` is
 * derived from what called for it, so that whoever calls twice opens it once; the payment's key is derived from the occasion.
 */
const TABLES = [
  `CREATE TABLE auto_rule (
    id VARCHAR(40) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    state VARCHAR(8) NOT NULL,
    payer_masked VARCHAR(16) NOT NULL,
    payer_blind CHAR(32) NOT NULL,
    payer_sealed VARCHAR(255) NOT NULL,
    msisdn_masked VARCHAR(16) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    msisdn_sealed VARCHAR(255) NOT NULL,
    subscriber_id VARCHAR(32) NOT NULL,
    linked_id VARCHAR(40) NULL,
    agreement_id VARCHAR(40) NULL,
    nickname VARCHAR(12) NOT NULL,
    threshold BIGINT NULL,
    target BIGINT NULL,
    amount BIGINT NULL,
    day_of_month INT NULL,
    day_count INT NOT NULL,
    month_cap BIGINT NOT NULL,
    fails INT NOT NULL,
    why VARCHAR(80) NOT NULL,
    told_balance BIGINT NULL,
    told_at DATETIME(3) NULL,
    due_at DATETIME(3) NULL,
    version INT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY auto_rule_what (payer_blind, msisdn_blind, kind),
    KEY auto_rule_due (state, due_at),
    KEY auto_rule_number (msisdn_blind, state),
    CHECK (kind IN ('threshold', 'calendar')),
    CHECK (month_cap > 0 AND day_count > 0)
  )`,
  `CREATE TABLE auto_occasion (
    id VARCHAR(40) NOT NULL,
    rule_id VARCHAR(40) NOT NULL,
    occasion VARCHAR(40) NOT NULL,
    state VARCHAR(12) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    amount BIGINT NOT NULL,
    try_no INT NOT NULL,
    payment_no CHAR(20) NULL,
    code VARCHAR(40) NULL,
    day DATE NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY auto_occasion_once (rule_id, occasion),
    KEY auto_occasion_due (state, due_at),
    KEY auto_occasion_number (msisdn_blind, state),
    CHECK (amount > 0 AND try_no > 0)
  )`,
  `CREATE TABLE decision (
    id VARCHAR(40) NOT NULL,
    about_blind CHAR(32) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    state VARCHAR(24) NOT NULL,
    what VARCHAR(200) NOT NULL,
    object_id VARCHAR(40) NOT NULL,
    amount BIGINT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY decision_about (about_blind, at)
  )`,
  "INSERT INTO feed_cursor (feed, position) VALUES ('low_balances', 0)",
];

export class AutoTopup1795921200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

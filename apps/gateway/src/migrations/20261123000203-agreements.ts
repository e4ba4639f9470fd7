import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed agreements, the numbers they may pay for, and their limits. */
const TABLES = [
  `CREATE TABLE agreement (
    id VARCHAR(40) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    reference VARCHAR(64) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    state VARCHAR(8) NOT NULL,
    msisdn_masked VARCHAR(16) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    msisdn_sealed VARCHAR(255) NOT NULL,
    branch CHAR(6) NOT NULL,
    ref_sealed VARCHAR(255) NULL,
    account_tail CHAR(4) NULL,
    bank_name VARCHAR(40) NOT NULL,
    limit_payment BIGINT NOT NULL,
    limit_day BIGINT NOT NULL,
    limit_month BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    next_action TEXT NULL,
    expires_at DATETIME(3) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY agreement_due (state, due_at),
    KEY agreement_number (msisdn_blind, state),
    KEY agreement_partner (partner, created_at),
    CHECK (limit_payment > 0 AND limit_day > 0 AND limit_month > 0)
  )`,
  `CREATE TABLE linked_number (
    id VARCHAR(40) NOT NULL,
    agreement_id VARCHAR(40) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    state VARCHAR(16) NOT NULL,
    msisdn_masked VARCHAR(16) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    msisdn_sealed VARCHAR(255) NOT NULL,
    payer_blind CHAR(32) NOT NULL,
    subscriber_id VARCHAR(32) NOT NULL,
    branch CHAR(6) NOT NULL,
    branch_name VARCHAR(40) NOT NULL,
    nickname VARCHAR(12) NOT NULL,
    limit_month BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    code_hash CHAR(64) NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY linked_agreement (agreement_id),
    KEY linked_number_asked (msisdn_blind, state),
    KEY linked_payer (payer_blind, state)
  )`,
];

export class Agreements1763900000203 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payments and everything that hangs on their number. `day` is part of the identity of what we number ourselves, so that
 * months can become partitions without renumbering; what partners number is guarded in tables of its own. No secondary
 * unique index: lanes write here, and on one of those neighbours would block each other.
 */
const TABLES = [
  `CREATE TABLE payment (
    payment_no CHAR(20) NOT NULL,
    day DATE NOT NULL,
    state VARCHAR(20) NOT NULL,
    credit_state VARCHAR(12) NOT NULL,
    version INT NOT NULL,
    partner VARCHAR(32) NOT NULL,
    reference VARCHAR(64) NOT NULL,
    channel VARCHAR(16) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    funding VARCHAR(12) NOT NULL,
    amount BIGINT NOT NULL,
    charged BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    msisdn_masked VARCHAR(16) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    msisdn_sealed VARCHAR(255) NOT NULL,
    subscriber_id VARCHAR(32) NOT NULL,
    owner_version INT NOT NULL,
    branch CHAR(6) NOT NULL,
    acquiring_branch CHAR(6) NOT NULL,
    payer_key VARCHAR(64) NOT NULL,
    payer_blind CHAR(32) NULL,
    payer_masked VARCHAR(16) NULL,
    payer_sealed VARCHAR(255) NULL,
    agreement_id VARCHAR(40) NULL,
    linked_id VARCHAR(40) NULL,
    nickname VARCHAR(12) NULL,
    account VARCHAR(64) NULL,
    provider_txn_id VARCHAR(64) NOT NULL,
    business_date DATE NULL,
    book_date DATE NULL,
    decline_code VARCHAR(40) NULL,
    late TINYINT NOT NULL,
    credit_code VARCHAR(40) NULL,
    credit_at DATETIME(3) NULL,
    balance_after BIGINT NULL,
    next_action TEXT NULL,
    expires_at DATETIME(3) NULL,
    replaces CHAR(20) NULL,
    root_no CHAR(20) NULL,
    detail TEXT NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    last_query_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (payment_no, day),
    KEY payment_due (state, due_at),
    KEY payment_partner (partner, created_at, payment_no),
    KEY payment_number (msisdn_blind, created_at),
    KEY payment_payer (payer_blind, created_at),
    KEY payment_root (root_no),
    CHECK (amount > 0 AND charged >= 0 AND refunded >= 0 AND refunded <= charged)
  )`,
  `CREATE TABLE payment_history (
    payment_no CHAR(20) NOT NULL,
    day DATE NOT NULL,
    n INT NOT NULL,
    from_state VARCHAR(20) NOT NULL,
    to_state VARCHAR(20) NOT NULL,
    credit_from VARCHAR(12) NOT NULL,
    credit_to VARCHAR(12) NOT NULL,
    evidence VARCHAR(300) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (payment_no, day, n)
  )`,
  `CREATE TABLE attempt (
    attempt_no CHAR(22) NOT NULL,
    day DATE NOT NULL,
    payment_no CHAR(20) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    state VARCHAR(16) NOT NULL,
    amount BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    provider_txn_id VARCHAR(64) NOT NULL,
    code VARCHAR(40) NULL,
    not_found INT NOT NULL,
    submitted_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    PRIMARY KEY (attempt_no, day)
  )`,
  `CREATE TABLE refund (
    refund_no VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    kind VARCHAR(8) NOT NULL,
    payment_no CHAR(20) NULL,
    partner VARCHAR(32) NOT NULL,
    reference VARCHAR(64) NOT NULL,
    state VARCHAR(12) NOT NULL,
    hold VARCHAR(12) NOT NULL,
    amount BIGINT NULL,
    currency CHAR(3) NULL,
    reason VARCHAR(64) NOT NULL,
    actor VARCHAR(64) NOT NULL,
    code VARCHAR(40) NULL,
    provider_txn_id VARCHAR(64) NOT NULL,
    business_date DATE NULL,
    from_state VARCHAR(20) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (refund_no, day),
    KEY refund_due (state, due_at),
    KEY refund_payment (payment_no),
    CHECK (kind IN ('refund', 'reversal')),
    CHECK (amount IS NULL OR amount > 0)
  )`,
  `CREATE TABLE idempotency (
    scope VARCHAR(64) NOT NULL,
    k VARCHAR(255) NOT NULL,
    request_hash CHAR(64) NOT NULL,
    members TEXT NOT NULL,
    object_kind VARCHAR(16) NOT NULL,
    object_id VARCHAR(40) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (scope, k),
    KEY idempotency_age (created_at)
  )`,
  `CREATE TABLE idempotency_answer (
    scope VARCHAR(64) NOT NULL,
    k VARCHAR(255) NOT NULL,
    status INT NOT NULL,
    body MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (scope, k),
    KEY idempotency_answer_age (created_at)
  )`,
  `CREATE TABLE partner_reference (
    partner VARCHAR(32) NOT NULL,
    reference VARCHAR(64) NOT NULL,
    payment_no CHAR(20) NULL,
    reversed_by VARCHAR(32) NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (partner, reference),
    KEY partner_reference_age (created_at)
  )`,
  `CREATE TABLE limit_usage (
    owner VARCHAR(48) NOT NULL,
    period VARCHAR(10) NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (owner, period),
    CHECK (used >= 0)
  )`,
  `CREATE TABLE event (
    lane_id INT NOT NULL,
    batch_no BIGINT NOT NULL,
    n INT NOT NULL,
    partner VARCHAR(32) NOT NULL,
    object_id VARCHAR(40) NOT NULL,
    sequence INT NOT NULL,
    type VARCHAR(32) NOT NULL,
    previous_state VARCHAR(20) NULL,
    body TEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (lane_id, batch_no, n),
    KEY event_partner (partner, lane_id, batch_no, n)
  )`,
  `CREATE TABLE number_writer (id INT NOT NULL, taken INT NOT NULL, PRIMARY KEY (id))`,
  `INSERT INTO number_writer (id, taken) VALUES (1, 0)`,
  `CREATE TABLE resolution (
    k VARCHAR(64) NOT NULL,
    payment_no CHAR(20) NOT NULL,
    action VARCHAR(20) NOT NULL,
    input_hash CHAR(64) NOT NULL,
    actor VARCHAR(64) NOT NULL,
    evidence VARCHAR(300) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (k)
  )`,
];

export class Payments1763900000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

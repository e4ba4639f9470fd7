import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Our own bank accounts' entries and what they are, what else was paid of a clearing account, payees and payouts, what the
 * gateway has to be told of partners' money, and parties' statements version by version.
 */
const TABLES = [
  `CREATE TABLE bank_entry (
    entry_id VARCHAR(100) NOT NULL,
    account VARCHAR(32) NOT NULL,
    value_day DATE NOT NULL,
    amount BIGINT NOT NULL,
    our_ref VARCHAR(64) NOT NULL,
    bank_ref VARCHAR(64) NOT NULL,
    counterparty VARCHAR(140) NOT NULL,
    note VARCHAR(280) NOT NULL,
    returned TINYINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    meaning VARCHAR(16) NOT NULL,
    party VARCHAR(40) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    batch_id VARCHAR(56) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    decided_by VARCHAR(64) NOT NULL,
    file_sha256 CHAR(64) NOT NULL,
    imported_at DATETIME(3) NOT NULL,
    PRIMARY KEY (entry_id),
    KEY bank_entry_state (state, value_day),
    KEY bank_entry_provider (provider, value_day),
    CHECK (state IN ('open', 'proposed', 'booked'))
  ) ${TABLE}`,
  `CREATE TABLE clearing_payment (
    id VARCHAR(100) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    amount BIGINT NOT NULL,
    source VARCHAR(12) NOT NULL,
    batch_id VARCHAR(56) NOT NULL,
    PRIMARY KEY (id),
    KEY clearing_payment_provider (provider, day),
    CHECK (source IN ('prefund', 'set_off', 'difference'))
  ) ${TABLE}`,
  `CREATE TABLE payee (
    id VARCHAR(40) NOT NULL,
    party_kind VARCHAR(12) NOT NULL,
    party VARCHAR(40) NOT NULL,
    action VARCHAR(8) NOT NULL,
    name VARCHAR(70) NOT NULL,
    account VARCHAR(34) NOT NULL,
    bic VARCHAR(11) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    state VARCHAR(10) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NOT NULL,
    effective_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY payee_party (party_kind, party, state),
    CHECK (action IN ('add', 'retire')),
    CHECK (state IN ('proposed', 'approved', 'rejected'))
  ) ${TABLE}`,
  `CREATE TABLE payout_run (
    run_id VARCHAR(40) NOT NULL,
    account VARCHAR(32) NOT NULL,
    execution_day DATE NOT NULL,
    state VARCHAR(14) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    first_by VARCHAR(64) NOT NULL,
    second_by VARCHAR(64) NOT NULL,
    message_id VARCHAR(35) NOT NULL,
    file_name VARCHAR(80) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    content LONGBLOB NULL,
    delivered_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (run_id),
    KEY payout_run_message (message_id),
    KEY payout_run_state (state, updated_at),
    CHECK (state IN ('proposed', 'approved_once', 'sent', 'withdrawn'))
  ) ${TABLE}`,
  `CREATE TABLE payout (
    number VARCHAR(35) NOT NULL,
    run_id VARCHAR(40) NOT NULL,
    party_kind VARCHAR(12) NOT NULL,
    party VARCHAR(40) NOT NULL,
    account VARCHAR(32) NOT NULL,
    payee_id VARCHAR(40) NOT NULL,
    payment_no VARCHAR(32) NOT NULL,
    branch VARCHAR(6) NOT NULL,
    amount BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    bank_status VARCHAR(12) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    retry_of VARCHAR(35) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (number),
    KEY payout_run_id (run_id),
    KEY payout_party (party_kind, party, state),
    KEY payout_state (state, account),
    CHECK (amount > 0),
    CHECK (state IN ('planned', 'sent', 'booked', 'rejected', 'returned', 'withdrawn'))
  ) ${TABLE}`,
  `CREATE TABLE exposure_outbox (
    k VARCHAR(64) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    amount BIGINT NOT NULL,
    receipt VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL,
    due_at DATETIME(3) NULL,
    tries INT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (k),
    KEY exposure_outbox_due (state, due_at),
    CHECK (state IN ('open', 'sent', 'refused'))
  ) ${TABLE}`,
  `CREATE TABLE party_statement (
    party VARCHAR(40) NOT NULL,
    period VARCHAR(10) NOT NULL,
    version INT NOT NULL,
    state VARCHAR(10) NOT NULL,
    window_ends DATE NOT NULL,
    digest CHAR(64) NOT NULL,
    body LONGTEXT NOT NULL,
    issued_by VARCHAR(64) NOT NULL,
    decided_by VARCHAR(64) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (party, period, version),
    KEY party_statement_state (state, window_ends),
    CHECK (state IN ('issued', 'confirmed', 'disputed', 'superseded'))
  ) ${TABLE}`,
];

export class Treasury1795918200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of TABLES) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

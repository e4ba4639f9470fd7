import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How an agreement was signed and how surely the account is its holder's, the low limit of its first day, the ceiling that was
 * signed, and its unsigning at the provider: ended here is not ended there until the provider has said so. A block is what
 * somebody does not want, or may not do. Agreements of old come in as files, line by line, until the bank has confirmed each;
 * what the bank's own list says otherwise is a break.
 */
const CHANGES = [
  `ALTER TABLE agreement
    ADD COLUMN provider_no VARCHAR(64) NULL,
    ADD COLUMN signed_by VARCHAR(8) NOT NULL DEFAULT 'customer',
    ADD COLUMN verified VARCHAR(16) NOT NULL DEFAULT 'none',
    ADD COLUMN signed_at DATETIME(3) NULL,
    ADD COLUMN most_payment BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN most_day BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN most_month BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN cooling_until DATETIME(3) NULL,
    ADD COLUMN cooling_limit BIGINT NULL,
    ADD COLUMN unsign VARCHAR(8) NOT NULL DEFAULT 'none',
    ADD COLUMN unsign_due DATETIME(3) NULL,
    ADD COLUMN unsign_tries INT NOT NULL DEFAULT 0,
    ADD KEY agreement_unsign (unsign, unsign_due),
    ADD KEY agreement_theirs (provider, provider_no)`,
  'UPDATE agreement SET most_payment = limit_payment, most_day = limit_day, most_month = limit_month',
  `ALTER TABLE linked_number
    ADD COLUMN cooling_until DATETIME(3) NULL,
    ADD COLUMN cooling_limit BIGINT NULL`,
  `CREATE TABLE block (
    id VARCHAR(40) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    value VARCHAR(64) NOT NULL,
    against VARCHAR(32) NOT NULL,
    masked VARCHAR(40) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    made_by VARCHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    ended_by VARCHAR(64) NULL,
    ended_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY block_value (kind, value),
    CHECK (kind IN ('consent', 'number', 'account', 'partner', 'device', 'legal'))
  )`,
  `CREATE TABLE agreement_import (
    id VARCHAR(40) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    branch CHAR(6) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    line_count INT NOT NULL,
    made_by VARCHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY agreement_import_file (provider, branch, sha256)
  )`,
  `CREATE TABLE agreement_import_line (
    import_id VARCHAR(40) NOT NULL,
    line_no INT NOT NULL,
    state VARCHAR(10) NOT NULL,
    code VARCHAR(40) NOT NULL,
    agreement_id VARCHAR(40) NULL,
    raw_sealed VARCHAR(1000) NOT NULL,
    account_tail CHAR(4) NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (import_id, line_no),
    KEY agreement_import_agreement (agreement_id),
    CHECK (state IN ('waiting', 'confirmed', 'refused', 'unreadable'))
  )`,
  `CREATE TABLE agreement_run (
    provider VARCHAR(32) NOT NULL,
    file_date DATE NOT NULL,
    sha256 CHAR(64) NOT NULL,
    agrees TINYINT NOT NULL,
    theirs INT NOT NULL,
    ours INT NOT NULL,
    found INT NOT NULL,
    unreadable INT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, file_date)
  )`,
  `CREATE TABLE agreement_break (
    id CHAR(32) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    file_date DATE NOT NULL,
    class VARCHAR(16) NOT NULL,
    agreement_no VARCHAR(64) NOT NULL,
    agreement_id VARCHAR(40) NULL,
    detail VARCHAR(200) NOT NULL,
    state VARCHAR(8) NOT NULL,
    resolution VARCHAR(20) NULL,
    resolved_by VARCHAR(64) NULL,
    reason VARCHAR(200) NULL,
    created_at DATETIME(3) NOT NULL,
    resolved_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY agreement_break_open (state, created_at),
    CHECK (class IN ('only_there', 'only_here', 'ended_one_side', 'other_account'))
  )`,
];

export class AgreementTerms1795917600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

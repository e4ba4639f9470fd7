import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a collecting partner may hold, and what it has paid in. Every deposit, remittance and change of limit is proposed by
 * one person and decided by another; `receipt_key` lets one receipt of a bank count once. A statement that was made ready
 * is known by its hash.
 */
const CHANGES = [
  `ALTER TABLE partner
    ADD COLUMN exposure_basis VARCHAR(8) NOT NULL DEFAULT 'date',
    ADD COLUMN received BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN prefund_base BIGINT NOT NULL DEFAULT 0`,
  `CREATE TABLE exposure_change (
    id VARCHAR(40) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    amount BIGINT NULL,
    basis VARCHAR(8) NULL,
    receipt VARCHAR(64) NOT NULL,
    receipt_key VARCHAR(80) NULL,
    reason VARCHAR(200) NOT NULL,
    state VARCHAR(8) NOT NULL,
    proposed_by VARCHAR(32) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(32) NULL,
    decided_at DATETIME(3) NULL,
    decision_reason VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY exposure_change_receipt (receipt_key),
    KEY exposure_change_partner (partner, proposed_at),
    CHECK (kind IN ('deposit', 'remittance', 'limit')),
    CHECK (state IN ('proposed', 'approved', 'rejected'))
  )`,
  `CREATE TABLE partner_statement (
    provider VARCHAR(32) NOT NULL,
    book_date DATE NOT NULL,
    line_count INT NOT NULL,
    amount BIGINT NOT NULL,
    sha256 CHAR(64) NOT NULL,
    told TINYINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, book_date),
    KEY partner_statement_told (told)
  )`,
];

export class Exposure1795908000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

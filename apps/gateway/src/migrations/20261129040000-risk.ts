import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that somebody looks at before they may be made; an approval lets the like of it through for a time. */
const TABLES = [
  `CREATE TABLE risk_review (
    id VARCHAR(40) NOT NULL,
    k VARCHAR(80) NOT NULL,
    rule VARCHAR(24) NOT NULL,
    state VARCHAR(8) NOT NULL,
    payer_blind CHAR(32) NOT NULL,
    payer_masked VARCHAR(16) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    msisdn_masked VARCHAR(16) NOT NULL,
    branch CHAR(6) NOT NULL,
    channel VARCHAR(16) NOT NULL,
    amount BIGINT NOT NULL,
    why VARCHAR(200) NOT NULL,
    asked INT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NULL,
    decided_at DATETIME(3) NULL,
    reason VARCHAR(200) NULL,
    valid_until DATETIME(3) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY risk_review_once (k),
    KEY risk_review_state (state, created_at),
    CHECK (state IN ('waiting', 'approved', 'rejected'))
  )`,
];

export class Risk1795924800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may come in: partners and their keys, operators, sessions of operators and customers, one-time codes. */
const TABLES = [
  `CREATE TABLE partner (
    id VARCHAR(32) NOT NULL,
    name VARCHAR(80) NOT NULL,
    provider VARCHAR(32) NULL,
    acquiring_branch CHAR(6) NOT NULL,
    scopes TEXT NOT NULL,
    exposure_limit BIGINT NULL,
    addresses TEXT NOT NULL,
    calls_per_second INT NOT NULL,
    numbers_per_second INT NOT NULL,
    state VARCHAR(8) NOT NULL,
    demo TINYINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    CHECK (state IN ('active', 'stopped'))
  )`,
  `CREATE TABLE partner_key (
    key_id VARCHAR(64) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    alg VARCHAR(16) NOT NULL,
    material TEXT NOT NULL,
    not_before DATETIME(3) NOT NULL,
    not_after DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (key_id),
    KEY partner_key_partner (partner)
  )`,
  `CREATE TABLE operator (
    username VARCHAR(32) NOT NULL,
    name VARCHAR(40) NOT NULL,
    roles TEXT NOT NULL,
    branch CHAR(6) NULL,
    password_hash VARCHAR(255) NOT NULL,
    totp_sealed VARCHAR(255) NOT NULL,
    totp_last_step BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    demo TINYINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (username),
    CHECK (state IN ('active', 'stopped'))
  )`,
  `CREATE TABLE operator_session (
    token_hash CHAR(64) NOT NULL,
    id VARCHAR(40) NOT NULL,
    username VARCHAR(32) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    seen_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (token_hash),
    KEY operator_session_expiry (expires_at)
  )`,
  `CREATE TABLE portal_session (
    token_hash CHAR(64) NOT NULL,
    id VARCHAR(40) NOT NULL,
    msisdn_sealed VARCHAR(255) NOT NULL,
    msisdn_blind CHAR(32) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    seen_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (token_hash),
    KEY portal_session_expiry (expires_at)
  )`,
  `CREATE TABLE portal_code (
    msisdn_blind CHAR(32) NOT NULL,
    code_hash CHAR(64) NOT NULL,
    tries INT NOT NULL,
    sent INT NOT NULL,
    window_from DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (msisdn_blind)
  )`,
  `CREATE TABLE sign_in_throttle (
    subject VARCHAR(80) NOT NULL,
    failures INT NOT NULL,
    locked_until DATETIME(3) NOT NULL,
    PRIMARY KEY (subject)
  )`,
];

export class Access1763900000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

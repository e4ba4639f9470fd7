import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Providers as the carrier's profile names them, and what they call back, stored once before it means anything. */
const TABLES = [
  `CREATE TABLE provider (
    code VARCHAR(32) NOT NULL,
    name_zh VARCHAR(40) NOT NULL,
    name_en VARCHAR(40) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    connector VARCHAR(32) NOT NULL,
    base_url VARCHAR(300) NOT NULL,
    our_key_id VARCHAR(64) NOT NULL,
    their_key_id VARCHAR(64) NOT NULL,
    their_public_key TEXT NOT NULL,
    first_business_date DATE NOT NULL,
    profile TEXT NOT NULL,
    state VARCHAR(8) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (code),
    CHECK (kind IN ('bank', 'partner')),
    CHECK (state IN ('open', 'stopped'))
  )`,
  `CREATE TABLE provider_callback (
    provider VARCHAR(32) NOT NULL,
    event_id VARCHAR(64) NOT NULL,
    body MEDIUMBLOB NOT NULL,
    state VARCHAR(8) NOT NULL,
    note VARCHAR(200) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    received_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, event_id),
    KEY provider_callback_due (state, due_at)
  )`,
];

export class Providers1763900000202 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

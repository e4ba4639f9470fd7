import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happens to numbers ends or freezes what was agreed for them: how far billing's feed was read, and every move of an
 * agreement or linked number that it caused, with its evidence.
 */
const STATEMENTS = [
  `ALTER TABLE agreement
    ADD COLUMN version INT NOT NULL DEFAULT 0,
    ADD COLUMN frozen_until DATETIME(3) NULL,
    ADD COLUMN frozen_by VARCHAR(16) NULL,
    ADD KEY agreement_frozen (state, frozen_until)`,
  "UPDATE agreement SET version = CASE state WHEN 'pending' THEN 0 WHEN 'active' THEN 1 ELSE 2 END",
  'ALTER TABLE linked_number ADD COLUMN version INT NOT NULL DEFAULT 0',
  "UPDATE linked_number SET version = CASE state WHEN 'pending_consent' THEN 0 WHEN 'active' THEN 1 ELSE 2 END",
  `CREATE TABLE agreement_move (
    object_id VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    from_state VARCHAR(16) NOT NULL,
    to_state VARCHAR(16) NOT NULL,
    evidence VARCHAR(80) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (object_id, version)
  )`,
  `CREATE TABLE feed_cursor (
    feed VARCHAR(32) NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (feed)
  )`,
  "INSERT INTO feed_cursor (feed, position) VALUES ('subscriber_events', 0)",
];

export class NumberNews1795467600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

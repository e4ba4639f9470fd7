import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A try is a row before it is made, so that one whose sender was killed shows too (`ended_at` stays empty). A delivery
 * knows what it tells of and how new that is; an endpoint since when nothing reached it.
 */
const CHANGES = [
  `ALTER TABLE webhook_endpoint
    ADD COLUMN failing_since DATETIME(3) NULL,
    ADD COLUMN disabled_at DATETIME(3) NULL,
    ADD COLUMN version INT NOT NULL DEFAULT 1,
    ADD COLUMN told_version INT NOT NULL DEFAULT 1`,
  `ALTER TABLE webhook_delivery MODIFY COLUMN state VARCHAR(12) NOT NULL`,
  `ALTER TABLE webhook_delivery
    ADD COLUMN object_key VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN sequence INT NOT NULL DEFAULT 0,
    ADD COLUMN round_from INT NOT NULL DEFAULT 0,
    ADD COLUMN by_hand TINYINT NOT NULL DEFAULT 0`,
  `ALTER TABLE webhook_delivery ADD KEY webhook_delivery_turn (endpoint, state, due_at)`,
  `ALTER TABLE webhook_delivery ADD KEY webhook_delivery_object (endpoint, object_key, sequence)`,
  `ALTER TABLE webhook_try
    ADD COLUMN answer VARCHAR(500) NOT NULL DEFAULT '',
    ADD COLUMN ended_at DATETIME(3) NULL`,
  `ALTER TABLE webhook_try ADD KEY webhook_try_age (at)`,
  `UPDATE webhook_try SET ended_at = at`,
  `CREATE TABLE operator_alarm (
    kind VARCHAR(32) NOT NULL,
    object VARCHAR(80) NOT NULL,
    occasion VARCHAR(40) NOT NULL,
    detail VARCHAR(600) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (kind, object, occasion),
    KEY operator_alarm_age (at)
  )`,
];

export class WebhookTries1795907400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

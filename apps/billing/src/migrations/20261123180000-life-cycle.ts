import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHARSET = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Who held a number when, in which state, and what happened to it: dated rows, and events numbered without gaps. */
const TABLES = [
  `CREATE TABLE subscriber_status (
    subscriber_id VARCHAR(32) NOT NULL,
    valid_from DATETIME(3) NOT NULL,
    event_id BIGINT NOT NULL,
    status VARCHAR(12) NOT NULL,
    suspend_reason VARCHAR(8) NOT NULL,
    source VARCHAR(64) NOT NULL,
    PRIMARY KEY (subscriber_id, valid_from, event_id)
  ) ${CHARSET}`,
  `CREATE TABLE subscriber_event (
    id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    at DATETIME(3) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    msisdn CHAR(11) NOT NULL,
    subscriber_id VARCHAR(32) NOT NULL,
    former_subscriber_id VARCHAR(32) NULL,
    branch CHAR(6) NOT NULL,
    owner_version INT NOT NULL,
    status VARCHAR(12) NOT NULL,
    suspend_reason VARCHAR(8) NOT NULL,
    balance BIGINT NULL,
    source VARCHAR(64) NOT NULL,
    PRIMARY KEY (id),
    KEY subscriber_event_subscriber (subscriber_id, id)
  ) ${CHARSET}`,
  `CREATE TABLE subscriber_event_head (
    id TINYINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK (id = 1)
  ) ${CHARSET}`,
  'INSERT INTO subscriber_event_head (id, last) VALUES (1, 0)',
  `CREATE TABLE number_change (
    source VARCHAR(64) NOT NULL,
    change_key VARCHAR(80) NOT NULL,
    input_hash BINARY(32) NOT NULL,
    outcome VARCHAR(12) NOT NULL,
    event_id BIGINT NULL,
    msisdn CHAR(11) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    at DATETIME(3) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    PRIMARY KEY (source, change_key),
    KEY number_change_number (msisdn, at)
  ) ${CHARSET}`,
  `CREATE TABLE closing_balance (
    event_id BIGINT NOT NULL,
    subscriber_id VARCHAR(32) NOT NULL,
    branch CHAR(6) NOT NULL,
    day DATE NOT NULL,
    step INT NOT NULL,
    due_at DATETIME(3) NULL,
    PRIMARY KEY (event_id),
    KEY closing_balance_due (due_at)
  ) ${CHARSET}`,
];

/**
 * A number has one holder at a time: `is_open` is 1 on that row and NULL on all earlier ones, so that the unique key keeps
 * a second one out. Where several branches had registered a number, the latest keeps it.
 */
const HOLDERS = [
  `ALTER TABLE subscriber
    ADD COLUMN suspend_reason VARCHAR(8) NOT NULL DEFAULT '',
    ADD COLUMN status_at DATETIME(3) NULL`,
  `ALTER TABLE number_owner
    CHANGE COLUMN since valid_from DATETIME(3) NOT NULL,
    ADD COLUMN valid_to DATETIME(3) NULL,
    ADD COLUMN owner_version INT NOT NULL DEFAULT 1,
    ADD COLUMN is_open TINYINT NULL DEFAULT 1,
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (msisdn, valid_from, subscriber_id, owner_version)`,
  `UPDATE number_owner o JOIN subscriber s ON s.id = o.subscriber_id SET o.owner_version = s.owner_version`,
  `UPDATE number_owner o JOIN number_owner later ON later.msisdn = o.msisdn
      AND (later.valid_from > o.valid_from OR (later.valid_from = o.valid_from AND later.subscriber_id > o.subscriber_id))
    SET o.is_open = NULL, o.valid_to = later.valid_from`,
  'ALTER TABLE number_owner ADD UNIQUE KEY number_owner_open (msisdn, is_open)',
  `UPDATE subscriber s LEFT JOIN number_owner o ON o.msisdn = s.msisdn AND o.subscriber_id = s.id AND o.is_open = 1
    SET s.status = 'recycled' WHERE o.msisdn IS NULL`,
  `INSERT INTO subscriber_status (subscriber_id, valid_from, event_id, status, suspend_reason, source)
    SELECT s.id, COALESCE(MIN(o.valid_from), s.registered_on), 0, s.status, '', 'import'
    FROM subscriber s LEFT JOIN number_owner o ON o.msisdn = s.msisdn AND o.subscriber_id = s.id GROUP BY s.id`,
];

export class LifeCycle1795456800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...HOLDERS]) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

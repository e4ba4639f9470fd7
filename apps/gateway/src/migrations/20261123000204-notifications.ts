import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What goes out (SMS, webhooks: a row per message and per try) and what came in by SMS, once per message id. */
const TABLES = [
  `CREATE TABLE sms_message (
    id VARCHAR(64) NOT NULL,
    template VARCHAR(32) NOT NULL,
    to_masked VARCHAR(16) NOT NULL,
    to_blind CHAR(32) NOT NULL,
    to_sealed VARCHAR(255) NOT NULL,
    text_sealed TEXT NOT NULL,
    payment_no CHAR(20) NULL,
    state VARCHAR(8) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY sms_message_due (state, due_at),
    KEY sms_message_number (to_blind, created_at)
  )`,
  `CREATE TABLE sms_inbound (
    id VARCHAR(64) NOT NULL,
    from_blind CHAR(32) NOT NULL,
    from_masked VARCHAR(16) NOT NULL,
    from_sealed VARCHAR(255) NOT NULL,
    text_sealed TEXT NOT NULL,
    command VARCHAR(16) NOT NULL,
    state VARCHAR(8) NOT NULL,
    payment_no CHAR(20) NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    received_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY sms_inbound_due (state, due_at),
    KEY sms_inbound_number (from_blind, received_at)
  )`,
  `CREATE TABLE sms_dialogue (
    number_blind CHAR(32) NOT NULL,
    code VARCHAR(8) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    payload_sealed TEXT NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    used_by VARCHAR(64) NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (number_blind, code)
  )`,
  `CREATE TABLE webhook_endpoint (
    id VARCHAR(40) NOT NULL,
    partner VARCHAR(32) NOT NULL,
    url VARCHAR(300) NOT NULL,
    state VARCHAR(8) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY webhook_endpoint_partner (partner)
  )`,
  `CREATE TABLE webhook_delivery (
    endpoint VARCHAR(40) NOT NULL,
    lane_id INT NOT NULL,
    batch_no BIGINT NOT NULL,
    n INT NOT NULL,
    state VARCHAR(8) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    PRIMARY KEY (endpoint, lane_id, batch_no, n),
    KEY webhook_delivery_due (state, due_at)
  )`,
  `CREATE TABLE webhook_try (
    endpoint VARCHAR(40) NOT NULL,
    lane_id INT NOT NULL,
    batch_no BIGINT NOT NULL,
    n INT NOT NULL,
    try_no INT NOT NULL,
    status INT NULL,
    note VARCHAR(200) NOT NULL,
    ms INT NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (endpoint, lane_id, batch_no, n, try_no)
  )`,
  `CREATE TABLE webhook_cursor (
    lane_id INT NOT NULL,
    batch_no BIGINT NOT NULL,
    PRIMARY KEY (lane_id)
  )`,
];

export class Notifications1763900000204 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What stands on the line to a message centre. `sms_submit`: one row per part and try, written before the part leaves, so that
 * an answer that was lost stands there as unknown; `smsc_id` is the centre's name for it, by which its receipt is found.
 * `sms_part`: what the centre brought, before it is told that we have it; the same octets again are the same part unless they
 * surely are another message (`n`).
 */
const TABLES = [
  `CREATE TABLE sms_submit (
    message_id VARCHAR(64) NOT NULL,
    part_no SMALLINT UNSIGNED NOT NULL,
    try_no INT NOT NULL,
    outcome VARCHAR(8) NOT NULL,
    status INT UNSIGNED NULL,
    smsc_id VARCHAR(65) NULL,
    receipt VARCHAR(8) NULL,
    receipt_error VARCHAR(8) NULL,
    receipt_at DATETIME(3) NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (message_id, part_no, try_no),
    KEY sms_submit_smsc (smsc_id),
    CHECK (outcome IN ('unknown', 'taken', 'refused', 'later'))
  )`,
  `CREATE TABLE sms_part (
    fingerprint CHAR(32) NOT NULL,
    n INT NOT NULL,
    group_key CHAR(32) NOT NULL,
    part_no SMALLINT UNSIGNED NOT NULL,
    part_count SMALLINT UNSIGNED NOT NULL,
    data_coding TINYINT UNSIGNED NOT NULL,
    from_sealed VARCHAR(255) NOT NULL,
    octets_sealed TEXT NOT NULL,
    link VARCHAR(24) NOT NULL,
    sequence INT UNSIGNED NOT NULL,
    message_id VARCHAR(64) NULL,
    received_at DATETIME(3) NOT NULL,
    PRIMARY KEY (fingerprint, n),
    KEY sms_part_group (group_key, received_at),
    KEY sms_part_open (message_id, received_at),
    KEY sms_part_age (received_at)
  )`,
];

export class SmsWires1795918800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

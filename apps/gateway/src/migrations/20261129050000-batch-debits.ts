import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Debits that go to a bank as a file. What a file holds is sealed as rows before it leaves, and it is made from those rows
 * alone: sent again it is the same file. A return file is read once.
 */
const CHANGES = [
  `ALTER TABLE auto_occasion
    ADD COLUMN agreement_id VARCHAR(40) NULL,
    ADD COLUMN by_batch TINYINT NOT NULL DEFAULT 0`,
  `CREATE TABLE debit_batch (
    id VARCHAR(40) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    collection_date DATE NOT NULL,
    state VARCHAR(8) NOT NULL,
    message_id VARCHAR(64) NULL,
    file_name VARCHAR(120) NULL,
    debits INT NOT NULL,
    total BIGINT NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    KEY debit_batch_due (state, due_at),
    KEY debit_batch_message (message_id),
    CHECK (state IN ('sealed', 'sent', 'done'))
  )`,
  `CREATE TABLE debit_batch_item (
    attempt_no CHAR(22) NOT NULL,
    payment_no CHAR(20) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    batch_id VARCHAR(40) NULL,
    agreement_id VARCHAR(40) NOT NULL,
    amount BIGINT NOT NULL,
    first TINYINT NOT NULL,
    answer VARCHAR(12) NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (attempt_no),
    KEY debit_batch_item_batch (batch_id, attempt_no),
    KEY debit_batch_item_waiting (provider, batch_id, created_at),
    KEY debit_batch_item_agreement (agreement_id)
  )`,
  `CREATE TABLE debit_report (
    provider VARCHAR(32) NOT NULL,
    name VARCHAR(120) NOT NULL,
    orders INT NOT NULL,
    findings INT NOT NULL,
    read_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, name)
  )`,
];

export class BatchDebits1795928400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

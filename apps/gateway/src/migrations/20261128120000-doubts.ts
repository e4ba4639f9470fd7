import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The human queue: what no ladder settles, who looks after it, and what was decided by whom on which evidence. Callbacks that
 * mean nothing to us were kept as failed: nobody has to look at them.
 */
const TABLES = [
  `CREATE TABLE doubt (
    id VARCHAR(40) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    object_no VARCHAR(100) NOT NULL,
    payment_no VARCHAR(20) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    amount BIGINT NULL,
    why VARCHAR(200) NOT NULL,
    state VARCHAR(8) NOT NULL,
    owner VARCHAR(64) NOT NULL,
    tries INT NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    taken_at DATETIME(3) NULL,
    last_tried_at DATETIME(3) NULL,
    closed_at DATETIME(3) NULL,
    outcome VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY doubt_object (kind, object_no),
    KEY doubt_open (state, opened_at),
    CHECK (kind IN ('payment', 'refund', 'return', 'callback', 'attempt')),
    CHECK (state IN ('open', 'closed'))
  )`,
  `CREATE TABLE doubt_decision (
    id VARCHAR(40) NOT NULL,
    doubt_id VARCHAR(40) NOT NULL,
    action VARCHAR(20) NOT NULL,
    provider_txn_id VARCHAR(64) NOT NULL,
    business_date DATE NULL,
    evidence VARCHAR(300) NOT NULL,
    state VARCHAR(10) NOT NULL,
    proposed_by VARCHAR(64) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by VARCHAR(64) NULL,
    decided_at DATETIME(3) NULL,
    outcome VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    KEY doubt_decision_doubt (doubt_id, proposed_at),
    CHECK (state IN ('proposed', 'rejected', 'done', 'working', 'refused'))
  )`,
  "UPDATE provider_callback SET state = 'done' WHERE state = 'failed' AND note = 'no event that we use'",
];

export class Doubts1795867200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

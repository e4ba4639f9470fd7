import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHARSET = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Bills of postpaid numbers, the payments that pay them, and what of which was put on which: rows, never changed, negated when
 * a payment is taken back. All are written in the transaction of the posting that causes them, under the lock of the
 * subscriber's cash account. `waiting`: to be put together when the branch's billing run is over.
 */
const TABLES = [
  `CREATE TABLE bill (
    subscriber_id VARCHAR(32) NOT NULL,
    bill_no VARCHAR(100) NOT NULL,
    branch CHAR(6) NOT NULL,
    period CHAR(7) NOT NULL,
    amount BIGINT NOT NULL,
    open_amount BIGINT NOT NULL,
    due_on DATE NOT NULL,
    waiting TINYINT NOT NULL,
    issued_at DATETIME(3) NOT NULL,
    PRIMARY KEY (subscriber_id, bill_no),
    KEY bill_waiting (waiting, branch),
    CHECK (amount > 0 AND open_amount BETWEEN 0 AND amount)
  ) ${CHARSET}`,
  `CREATE TABLE bill_payment (
    subscriber_id VARCHAR(32) NOT NULL,
    payment_no VARCHAR(100) NOT NULL,
    branch CHAR(6) NOT NULL,
    amount BIGINT NOT NULL,
    free BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    waiting TINYINT NOT NULL,
    credited_at DATETIME(3) NOT NULL,
    PRIMARY KEY (subscriber_id, payment_no),
    KEY bill_payment_waiting (waiting, branch),
    CHECK (amount > 0 AND free BETWEEN 0 AND amount AND taken BETWEEN 0 AND amount)
  ) ${CHARSET}`,
  `CREATE TABLE bill_allocation (
    subscriber_id VARCHAR(32) NOT NULL,
    seq INT NOT NULL,
    lane_id INT NOT NULL,
    batch_no BIGINT NOT NULL,
    bill_no VARCHAR(100) NOT NULL,
    payment_no VARCHAR(100) NOT NULL,
    amount BIGINT NOT NULL,
    cause VARCHAR(100) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (subscriber_id, seq),
    KEY bill_allocation_batch (lane_id, batch_no),
    CHECK (amount <> 0)
  ) ${CHARSET}`,
];

export class Bills1795462260001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of TABLES) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

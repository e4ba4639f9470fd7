import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHARSET = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * What has been taken back of payments that were more than their charged part, by who bore it; written under the lock of the
 * payment's guard. And the invoices issued for payments, each event a row: the last one says whether an invoice stands.
 */
const TABLES = [
  `CREATE TABLE taken_back (
    payment_no CHAR(20) NOT NULL,
    home BIGINT NOT NULL,
    hq BIGINT NOT NULL,
    provider BIGINT NOT NULL,
    partner BIGINT NOT NULL,
    bonus BIGINT NOT NULL,
    PRIMARY KEY (payment_no),
    CHECK (home >= 0 AND hq >= 0 AND provider >= 0 AND partner >= 0 AND bonus >= 0)
  ) ${CHARSET}`,
  `CREATE TABLE invoice_event (
    payment_no CHAR(20) NOT NULL,
    n INT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    invoice_no VARCHAR(40) NOT NULL,
    actor VARCHAR(64) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (payment_no, n),
    CHECK (kind IN ('mark', 'red_flush'))
  ) ${CHARSET}`,
];

/** Numbers that may be put back in service are looked for among the suspended. */
const SUSPENDED = 'ALTER TABLE subscriber ADD KEY subscriber_suspended (status, suspend_reason)';

export class Takebacks1795462320001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, SUSPENDED]) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

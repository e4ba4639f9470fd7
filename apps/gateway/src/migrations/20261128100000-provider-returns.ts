import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Money that a provider took back by itself. `ref_no` is how the books and billing know the return: the provider's own
 * transaction where it has one. Frozen for that cause, an agreement rests until somebody releases it.
 */
const TABLES = [
  `CREATE TABLE provider_return (
    return_no VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    payment_no CHAR(20) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    ref_no VARCHAR(40) NOT NULL,
    provider_txn_id VARCHAR(64) NOT NULL,
    state VARCHAR(12) NOT NULL,
    amount BIGINT NOT NULL,
    currency CHAR(3) NOT NULL,
    reason VARCHAR(64) NOT NULL,
    actor VARCHAR(64) NOT NULL,
    evidence VARCHAR(300) NOT NULL,
    in_book TINYINT NOT NULL,
    code VARCHAR(40) NULL,
    business_date DATE NULL,
    occurred_at DATETIME(3) NOT NULL,
    tries INT NOT NULL,
    due_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (return_no, day),
    KEY provider_return_due (state, due_at),
    KEY provider_return_payment (payment_no),
    CHECK (amount > 0)
  )`,
];

export class ProviderReturns1795860000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

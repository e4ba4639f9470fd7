import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a top-up costs the database. Columns that are the same in nearly every payment have defaults, so that an INSERT
 * need not say them. Ages of keys and references are indexed no longer: only a purge asks for them, which may walk the
 * primary key, while every payment paid for three entries.
 */
const CHANGES = [
  `ALTER TABLE payment
    ALTER refunded SET DEFAULT 0,
    ALTER currency SET DEFAULT 'CNY',
    ALTER provider_txn_id SET DEFAULT '',
    ALTER late SET DEFAULT 0,
    ALTER tries SET DEFAULT 0`,
  `ALTER TABLE idempotency DROP INDEX idempotency_age`,
  `ALTER TABLE idempotency_answer DROP INDEX idempotency_answer_age`,
  `ALTER TABLE partner_reference DROP INDEX partner_reference_age`,
];

export class LeanPayments1795464000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

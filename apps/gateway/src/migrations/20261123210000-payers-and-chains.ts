import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who pays and what replaces what stand apart from the payment: a collection has neither, yet each one paid for an entry
 * in both indexes.
 */
const CHANGES = [
  `CREATE TABLE payment_payer (
    payer_blind CHAR(32) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    payment_no CHAR(20) NOT NULL,
    PRIMARY KEY (payer_blind, created_at, payment_no)
  )`,
  `CREATE TABLE payment_chain (
    root_no CHAR(20) NOT NULL,
    payment_no CHAR(20) NOT NULL,
    PRIMARY KEY (root_no, payment_no)
  )`,
  `INSERT INTO payment_payer (payer_blind, created_at, payment_no)
    SELECT payer_blind, created_at, payment_no FROM payment WHERE payer_blind IS NOT NULL`,
  `INSERT INTO payment_chain (root_no, payment_no) SELECT root_no, payment_no FROM payment WHERE root_no IS NOT NULL`,
  `ALTER TABLE payment DROP INDEX payment_payer, DROP INDEX payment_root`,
];

export class PayersAndChains1795467600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) await runner.query(change);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which items the principal of a message to billing stands for. Messages of before are listed from what is settled now, with
 * one line for what that does not explain, and are told again: billing posts a key once.
 */
export class PrincipalItems1795464000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE principal_item (
      k VARCHAR(64) NOT NULL,
      item_id VARCHAR(80) NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      amount BIGINT NOT NULL,
      PRIMARY KEY (k, item_id)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`INSERT INTO principal_item (k, item_id, payment_no, amount)
      SELECT CONCAT(i.batch_id, '-', i.branch), i.item_id, i.payment_no, i.amount FROM settled_item i
        JOIN settled_outbox o ON o.k = CONCAT(i.batch_id, '-', i.branch) WHERE i.place = 'due'`);
    await q.query(`INSERT INTO principal_item (k, item_id, payment_no, amount)
      SELECT o.k, p.item_id, p.payment_no, -p.amount FROM settled_outbox o
        JOIN principal_item p ON CONCAT(p.k, '-r') = o.k`);
    await q.query(`INSERT INTO principal_item (k, item_id, payment_no, amount)
      SELECT told.k, '~', '', told.amount - told.listed FROM (
        SELECT o.k, o.amount, COALESCE((SELECT SUM(p.amount) FROM principal_item p WHERE p.k = o.k), 0) AS listed
          FROM settled_outbox o) told
        WHERE told.amount <> told.listed`);
    await q.query(`UPDATE settled_outbox SET state = 'open', due_at = NOW(3) WHERE state = 'sent'`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What headquarters owes a branch, counted from the transfers: sums by kind, and the payments that are open. Derived: counting
 * begins at the first batch when the tables are empty.
 */
export class Receivables1795463400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE receivable_cursor (
      lane_id INT NOT NULL,
      batch_no BIGINT NOT NULL,
      PRIMARY KEY (lane_id)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE receivable_sum (
      branch CHAR(6) NOT NULL,
      currency CHAR(3) NOT NULL,
      kind VARCHAR(20) NOT NULL,
      debited BIGINT NOT NULL,
      credited BIGINT NOT NULL,
      PRIMARY KEY (branch, currency, kind)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE open_item (
      branch CHAR(6) NOT NULL,
      item VARCHAR(80) NOT NULL,
      currency CHAR(3) NOT NULL,
      amount BIGINT NOT NULL,
      since DATETIME(3) NOT NULL,
      PRIMARY KEY (branch, item, currency)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE settled_page (
      k VARCHAR(64) NOT NULL,
      page INT NOT NULL,
      branch CHAR(6) NOT NULL,
      n INT NOT NULL,
      amount BIGINT NOT NULL,
      PRIMARY KEY (k, page)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

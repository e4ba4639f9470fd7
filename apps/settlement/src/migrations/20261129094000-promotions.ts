import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each of billing's lanes has been read for what headquarters bears of gifts and discounts. */
export class Promotions1795945200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE promotion_cursor (
      lane INT NOT NULL,
      batch_no BIGINT NOT NULL,
      PRIMARY KEY (lane)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Books are pulled as sealed segments and loaded into book_fact at night. What was pulled as rows before is there already: a
 * lane is loaded as far as it was pulled.
 */
export class BookSegments1795856400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE book_segment (
      service VARCHAR(16) NOT NULL,
      lane_id INT NOT NULL,
      from_seq BIGINT NOT NULL,
      to_seq BIGINT NOT NULL,
      n INT NOT NULL,
      bytes INT NOT NULL,
      path VARCHAR(255) NOT NULL,
      sha256 CHAR(64) NOT NULL,
      pulled_at DATETIME(3) NOT NULL,
      PRIMARY KEY (service, lane_id, from_seq),
      CHECK (n = to_seq - from_seq + 1)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE load_cursor (
      service VARCHAR(16) NOT NULL,
      lane_id INT NOT NULL,
      seq BIGINT NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (service, lane_id)
    ) ${TABLE}`);
    await q.query(`INSERT INTO load_cursor (service, lane_id, seq, updated_at)
      SELECT service, lane_id, seq, NOW(3) FROM pull_cursor`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

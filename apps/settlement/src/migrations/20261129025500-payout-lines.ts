import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers say themselves of the payouts they have made. */
export class PayoutLines1795920900000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE payout_line (
      line_id VARCHAR(100) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      day DATE NOT NULL,
      amount BIGINT NOT NULL,
      reference VARCHAR(64) NOT NULL,
      file_sha256 CHAR(64) NOT NULL,
      PRIMARY KEY (line_id),
      KEY payout_line_provider (provider, day)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

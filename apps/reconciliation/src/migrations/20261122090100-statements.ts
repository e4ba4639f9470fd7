import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** A provider's files by version; the bytes lie in the archive under their hash. */
export class Statements1795340000002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE statement_file (
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      version INT NOT NULL,
      state VARCHAR(16) NOT NULL,
      file_name VARCHAR(200) NOT NULL,
      sha256 CHAR(64) NOT NULL,
      archive_path VARCHAR(300) NOT NULL,
      totals LONGTEXT NULL,
      findings LONGTEXT NULL,
      fetched_at DATETIME(3) NOT NULL,
      PRIMARY KEY (provider, date, version)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

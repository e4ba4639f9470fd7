import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Routing of numbers to branches: dated segments, and dated exceptions that are asked first. */
export class Numbers1795410060001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE segment (
      prefix CHAR(7) NOT NULL,
      effective_from DATE NOT NULL,
      effective_to DATE NULL,
      branch CHAR(6) NOT NULL,
      PRIMARY KEY (prefix, effective_from)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE ported_number (
      msisdn CHAR(11) NOT NULL,
      effective_from DATE NOT NULL,
      effective_to DATE NULL,
      branch CHAR(6) NOT NULL,
      PRIMARY KEY (msisdn, effective_from)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

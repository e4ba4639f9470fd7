import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A branch's own words for a text, by language; without a row the carrier's words stand. */
const TABLES = [
  `CREATE TABLE branch_text (
    branch CHAR(6) NOT NULL,
    code VARCHAR(32) NOT NULL,
    language CHAR(2) NOT NULL,
    text VARCHAR(400) NOT NULL,
    saved_by VARCHAR(64) NOT NULL,
    saved_at DATETIME(3) NOT NULL,
    PRIMARY KEY (branch, code, language)
  )`,
];

export class BranchTexts1795930200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

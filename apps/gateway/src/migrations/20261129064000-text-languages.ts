import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which language a number is written to. Without a row: Chinese. */
export class TextLanguages1795934400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE text_language (
      number_blind CHAR(32) NOT NULL,
      language CHAR(2) NOT NULL,
      chosen TINYINT NOT NULL,
      changed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (number_blind),
      KEY text_language_changed (changed_at),
      CHECK (language IN ('zh', 'en'))
    )`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

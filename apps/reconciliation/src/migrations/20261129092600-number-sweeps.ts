import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far a province's numbers have been compared: a round goes over all of them, so many a night. */
export class NumberSweeps1795944360000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE number_sweep (
      branch CHAR(6) NOT NULL,
      round INT NOT NULL,
      after_number CHAR(11) NOT NULL,
      began_on DATE NOT NULL,
      asked BIGINT NOT NULL,
      unanswered BIGINT NOT NULL,
      different BIGINT NOT NULL,
      night DATE NOT NULL,
      asked_tonight INT NOT NULL,
      whole_on DATE NULL,
      whole_asked BIGINT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (branch)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

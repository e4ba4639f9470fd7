import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A subscriber's id outlives its number; `number_owner` names the one subscriber a branch has under a number now. */
export class Subscribers1795410120001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE subscriber (
      id VARCHAR(32) NOT NULL,
      msisdn CHAR(11) NOT NULL,
      branch CHAR(6) NOT NULL,
      owner VARCHAR(40) NOT NULL,
      owner_mark CHAR(64) NOT NULL,
      owner_version INT NOT NULL,
      plan VARCHAR(10) NOT NULL,
      status VARCHAR(12) NOT NULL,
      registered_on DATE NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await q.query(`CREATE TABLE number_owner (
      msisdn CHAR(11) NOT NULL,
      branch CHAR(6) NOT NULL,
      subscriber_id VARCHAR(32) NOT NULL,
      since DATETIME(3) NOT NULL,
      PRIMARY KEY (msisdn, branch)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

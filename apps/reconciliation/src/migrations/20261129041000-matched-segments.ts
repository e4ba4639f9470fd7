import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Plainly matched lines are sealed segments, not rows: a run's set of them, and each segment with its hash, count and sums. The
 * key of their hashes is made once: books and runs of one installation must agree on it.
 */
export class MatchedSegments1795925400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE matched_set (
      run_id CHAR(64) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      bits INT NOT NULL,
      n BIGINT NOT NULL,
      amount BIGINT NOT NULL,
      fees BIGINT NOT NULL,
      digest CHAR(64) NOT NULL,
      names LONGTEXT NOT NULL,
      statement_path VARCHAR(255) NOT NULL,
      statement_sha256 CHAR(64) NOT NULL,
      PRIMARY KEY (run_id),
      KEY day (provider, date)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE matched_segment (
      run_id CHAR(64) NOT NULL,
      part INT NOT NULL,
      n BIGINT NOT NULL,
      amount BIGINT NOT NULL,
      fees BIGINT NOT NULL,
      path VARCHAR(255) NOT NULL,
      sha256 CHAR(64) NOT NULL,
      PRIMARY KEY (run_id, part)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE match_key (
      id INT NOT NULL,
      hash_key CHAR(32) NOT NULL,
      PRIMARY KEY (id)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

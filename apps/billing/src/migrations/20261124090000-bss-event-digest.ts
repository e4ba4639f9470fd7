import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event names a number and may name its owner: once it has been given its meaning only the digest of its bytes is kept. */
export class BssEventDigest1795510800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE bss_event ADD COLUMN digest CHAR(64) NOT NULL DEFAULT ''`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}

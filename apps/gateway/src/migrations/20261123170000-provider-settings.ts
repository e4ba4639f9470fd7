import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a provider is reached is its connector's business: it stands in the carrier's profile, not in columns. */
export class ProviderSettings1763917200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const column of ['base_url', 'our_key_id', 'their_key_id', 'their_public_key'])
      await runner.query(`ALTER TABLE provider DROP COLUMN ${column}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

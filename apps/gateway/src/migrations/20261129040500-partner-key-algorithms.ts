import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The names of RFC 9421 are longer than the first three were: `ecdsa-p256-sha256` has 17 letters. */
export class PartnerKeyAlgorithms1795925100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE partner_key MODIFY alg VARCHAR(32) NOT NULL');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

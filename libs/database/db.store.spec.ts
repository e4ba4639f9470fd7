import { testDatabase, type TestDatabase } from '@yidian/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { SchemaPlan } from './provision';

class Sample1763900000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE TABLE fact (id BIGINT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL, day DATE NOT NULL)');
    await q.query('CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, text VARCHAR(20) NOT NULL)');
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}
const plan: SchemaPlan = { service: 'sample', migrations: [Sample1763900000001], appendOnly: ['fact'] };

describe('database', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await testDatabase(plan)));
  afterAll(() => database.close());

  test('bigints and dates come back exactly', async () => {
    await database.db.run('INSERT INTO fact VALUES ?', [[[4611686018427387904n, -5n, '2026-11-22']]]);
    expect(await database.db.select('SELECT * FROM fact')).toEqual([
      { id: 4611686018427387904n, amount: -5n, day: '2026-11-22' },
    ]);
  });

  test('an append-only table cannot be changed by its own service', async () => {
    await expect(database.db.run('UPDATE fact SET amount = 1')).rejects.toThrow(/denied/);
    await expect(database.db.run('DELETE FROM fact')).rejects.toThrow(/denied/);
    await database.db.run("INSERT INTO note VALUES (1, 'a')");
    expect(await database.db.run("UPDATE note SET text = 'a' WHERE id = 1")).toBe(1);
  });

  test('another schema is out of reach', async () => {
    await expect(database.db.select('SELECT * FROM mysql.user')).rejects.toThrow(/denied/);
  });
});

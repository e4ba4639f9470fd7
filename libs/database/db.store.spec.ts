import { testDatabase, type TestDatabase } from '@yidian/testing';
import { QueryFailedError, type MigrationInterface, type QueryRunner } from 'typeorm';
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

  test('an error says what the server said, and its stack who asked', async () => {
    const asksForNothing = () => database.db.select('SELECT * FROM nowhere WHERE id IN (?)', [[1n, 2n]]);
    const error = (await asksForNothing().catch((thrown: unknown) => thrown)) as QueryFailedError & { errno: number };
    expect(error).toBeInstanceOf(QueryFailedError);
    expect(error).toMatchObject({
      errno: 1146,
      query: 'SELECT * FROM nowhere WHERE id IN (?)',
      parameters: [[1n, 2n]],
    });
    expect(error.stack).toMatch(/asksForNothing|db\.store\.spec/);
  });

  test('what a transaction wrote is its own until it ends, and nobody’s when it fails', async () => {
    const failed = database.db.transaction(async (tx) => {
      await tx.run("INSERT INTO note VALUES (7, 'kept back')");
      expect(await tx.select('SELECT text FROM note WHERE id = 7')).toEqual([{ text: 'kept back' }]);
      expect(await database.db.select('SELECT text FROM note WHERE id = 7')).toEqual([]);
      throw new Error('changed its mind');
    });
    await expect(failed).rejects.toThrow('changed its mind');
    expect(await database.db.select('SELECT text FROM note WHERE id = 7')).toEqual([]);
  });

  test('another schema is out of reach', async () => {
    await expect(database.db.select('SELECT * FROM mysql.user')).rejects.toThrow(/denied/);
  });
});

import { openDataSource } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { entities } from './resources/resources.module';
import { schema } from './schema';

describe('the schema of billing', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await testDatabase(schema)));
  afterAll(() => database.close());

  test('the entities want nothing that the migrations do not give', async () => {
    const dataSource = await openDataSource({ url: database.adminUrl, entities, poolSize: 1 });
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  test('31 branches of the mainland, each with both names', async () => {
    const rows = await database.db.select<{ code: string; name_zh: string; name_en: string }>(
      'SELECT code, name_zh, name_en FROM branch ORDER BY code',
    );
    expect(rows).toHaveLength(31);
    expect(rows[0]).toMatchObject({ code: '110000', name_zh: '北京', name_en: 'Beijing' });
    expect(rows.at(-1)).toMatchObject({ code: '650000', name_zh: '新疆', name_en: 'Xinjiang' });
    expect(rows.every(({ code }) => /^[1-6]\d0000$/.test(code))).toBe(true);
  });

  test.each(schema.appendOnly)('%s is append-only for billing itself', async (table) => {
    await expect(database.db.run(`DELETE FROM ${table}`)).rejects.toThrow(/denied/);
    await expect(database.db.run(`UPDATE ${table} SET lane_id = 1`)).rejects.toThrow(/denied/);
  });
});

import { openDataSource } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { entities } from './resources/resources.module';
import { schema } from './schema';

describe('schema', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await testDatabase(schema)));
  afterAll(() => database.close());

  test('the entities are what the migrations make: a generated migration would be empty', async () => {
    const dataSource = await openDataSource({ url: database.adminUrl, entities });
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map((query) => query.query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  test.each(['posting', 'transfer', 'fact', 'batch'])('%s may not be changed by the service', async (table) => {
    await expect(database.db.run(`DELETE FROM ${table}`)).rejects.toThrow(/denied/);
  });
});

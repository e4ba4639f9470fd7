import { openDataSource } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { schema } from '../schema';
import { LifeCycle1795456800001 } from './20261123180000-life-cycle';

const BEFORE = schema.migrations.slice(0, schema.migrations.indexOf(LifeCycle1795456800001));

/** Numbers as the schema before kept them: one holder a branch, closed ones recycled by overwriting. */
describe('numbers that were registered before their holders were dated', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ ...schema, migrations: BEFORE, appendOnly: [] });
    const subscriber = (id: string, msisdn: string, branch: string, status: string, version = 1) => [
      ...[id, msisdn, branch, '王*兰', id, version, 'prepaid', status, '2026-01-01', new Date('2026-01-01T00:00:00Z')],
    ];
    await database.db.run(
      `INSERT INTO subscriber (id, msisdn, branch, owner, owner_mark, owner_version, plan, status, registered_on,
        updated_at) VALUES ?`,
      [
        [
          subscriber('s1', '13900000001', '420000', 'active', 3),
          subscriber('s2', '13900000002', '420000', 'closed'),
          subscriber('s3', '13900000002', '420000', 'active'),
          subscriber('s4', '13900000004', '420000', 'active'),
          subscriber('s5', '13900000004', '430000', 'suspended'),
          subscriber('s6', '13900000006', '420000', 'active'),
          subscriber('s7', '13900000006', '430000', 'active'),
        ],
      ],
    );
    const since = (day: string) => new Date(`2026-${day}T00:00:00Z`);
    await database.db.run('INSERT INTO number_owner (msisdn, branch, subscriber_id, since) VALUES ?', [
      [
        ['13900000001', '420000', 's1', since('01-01')],
        ['13900000002', '420000', 's3', since('03-01')],
        ['13900000004', '420000', 's4', since('01-01')],
        ['13900000004', '430000', 's5', since('02-01')],
        ['13900000006', '420000', 's6', since('01-01')],
        ['13900000006', '430000', 's7', since('01-01')],
      ],
    ]);
    const admin = await openDataSource({ url: database.adminUrl, migrations: schema.migrations, poolSize: 1 });
    await admin.runMigrations({ transaction: 'none' });
    await admin.destroy();
  });
  afterAll(() => database.close());

  test('one holder a number, the others in the past', async () => {
    const rows = await database.db.select<Record<string, unknown>>(
      `SELECT msisdn, subscriber_id AS id, owner_version AS version, valid_from AS f, valid_to AS t, is_open AS open
       FROM number_owner ORDER BY msisdn, subscriber_id`,
    );
    const day = (at: unknown) => (at instanceof Date ? at.toISOString().slice(5, 10) : at);
    expect(rows.map((row) => [row['id'], row['version'], day(row['f']), day(row['t']), row['open']])).toEqual([
      ['s1', 3, '01-01', null, 1],
      ['s3', 1, '03-01', null, 1],
      ['s4', 1, '01-01', '02-01', null],
      ['s5', 1, '02-01', null, 1],
      ['s6', 1, '01-01', '01-01', null],
      ['s7', 1, '01-01', null, 1],
    ]);
  });

  test('who lost a number is at the end of its life; everybody has a state to begin with', async () => {
    const rows = await database.db.select<{ id: string; status: string; first: string; n: bigint }>(
      `SELECT s.id, s.status, MAX(h.status) AS first, COUNT(h.subscriber_id) AS n FROM subscriber s
       LEFT JOIN subscriber_status h ON h.subscriber_id = s.id GROUP BY s.id, s.status ORDER BY s.id`,
    );
    expect(rows.map(({ id, status, first, n }) => [id, status, first, n])).toEqual([
      ['s1', 'active', 'active', 1n],
      ['s2', 'recycled', 'recycled', 1n],
      ['s3', 'active', 'active', 1n],
      ['s4', 'recycled', 'recycled', 1n],
      ['s5', 'suspended', 'suspended', 1n],
      ['s6', 'recycled', 'recycled', 1n],
      ['s7', 'active', 'active', 1n],
    ]);
  });
});

import { testDatabase, type TestDatabase } from '@yidian/testing';
import { schema } from '../schema';
import { RoutesStore } from './routes.store';

const HUBEI = '420000';
const HUNAN = '430000';
const TODAY = '2026-11-23';

describe('routes', () => {
  let database: TestDatabase;
  let routes: RoutesStore;
  beforeAll(async () => {
    database = await testDatabase(schema);
    routes = new RoutesStore(database.db);
  });
  afterAll(() => database.close());

  test('dated segments and ported numbers, as stored', async () => {
    await database.db.run('INSERT INTO segment (prefix, effective_from, effective_to, branch) VALUES ?', [
      [
        ['1380000', '2020-01-01', '2026-01-01', HUNAN],
        ['1380000', '2026-01-01', null, HUBEI],
        ['1380001', '2027-01-01', null, HUBEI],
      ],
    ]);
    await database.db.run('INSERT INTO ported_number (msisdn, effective_from, effective_to, branch) VALUES ?', [
      [['13800009999', '2026-06-01', null, HUNAN]],
    ]);
    const homes = await routes.homes(['13800001234', '13800009999', '13800010000', '13900000000'], TODAY);
    expect([...homes]).toEqual([
      ['13800001234', HUBEI],
      ['13800009999', HUNAN],
    ]);
    expect((await routes.homes(['13800001234'], '2025-12-31')).get('13800001234')).toBe(HUNAN);
  });

  test('a number is assigned: its segment opens, another branch ports it, a second time nothing changes', async () => {
    const assign = (msisdn: string, branch: string) => routes.assign(database.db, msisdn, branch, TODAY);
    expect(await assign('13500000001', HUBEI)).toBe('segment_opened');
    expect(await assign('13500000001', HUBEI)).toBe('known');
    expect(await assign('13500000002', HUBEI)).toBe('known');
    expect(await assign('13500000003', HUNAN)).toBe('ported');
    expect(await assign('13500000003', HUNAN)).toBe('known');
    expect(await assign('13500000003', HUBEI)).toBe('ported');
    expect((await routes.homes(['13500000003'], TODAY)).get('13500000003')).toBe(HUBEI);
  });

  test('two branches that open one segment at once: one has it, the other ports', async () => {
    const both = await Promise.all([
      database.db.transaction((tx) => routes.assign(tx, '13600000001', HUBEI, TODAY)),
      database.db.transaction((tx) => routes.assign(tx, '13600000002', HUNAN, TODAY)),
    ]);
    expect(both.sort()).toEqual(['ported', 'segment_opened']);
    const homes = await routes.homes(['13600000001', '13600000002'], TODAY);
    expect(homes.get('13600000001')).toBe(HUBEI);
    expect(homes.get('13600000002')).toBe(HUNAN);
  });
});

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
    await database.db.run('INSERT INTO segment (prefix, valid_from, valid_to, branch, carrier, version) VALUES ?', [
      [
        ['1380000', '2020-01-01', '2026-01-01', HUNAN, 1, 1],
        ['1380000', '2026-01-01', null, HUBEI, 1, 2],
        ['13800007', '2026-01-01', null, HUNAN, 1, 2],
        ['1380001', '2027-01-01', null, HUBEI, 1, 2],
        ['1380002', '2026-01-01', '2026-01-01', HUNAN, 1, 2], // corrected on the same day
      ],
    ]);
    await database.db.run('INSERT INTO ported_number (msisdn, valid_from, valid_to, branch, version) VALUES ?', [
      [
        ['13800009999', '2026-06-01', null, HUNAN, 3],
        ['13800008888', '2026-06-01', null, null, 3],
        ['13800008887', '2026-12-01', null, null, 3],
      ],
    ]);
    const asked = [
      '13800001234',
      '13800007123',
      '13800009999',
      '13800008888',
      '13800008887',
      '13800010000',
      '13800020000',
      '13900000000',
    ];
    expect([...(await routes.routes(asked, TODAY))]).toEqual([
      ['13800001234', HUBEI],
      ['13800007123', HUNAN],
      ['13800009999', HUNAN],
      ['13800008888', null],
      ['13800008887', HUBEI],
    ]);
    expect((await routes.homes(asked, TODAY)).has('13800008888')).toBe(false);
    expect((await routes.homes(['13800001234'], '2025-12-31')).get('13800001234')).toBe(HUNAN);
    expect((await routes.routes(['13800008888'], '2026-05-31')).get('13800008888')).toBe(HUBEI);
  });

  test('a full frame is one read by the primary keys', async () => {
    const asked = Array.from({ length: 256 }, (_, n) => `1370${String(n).padStart(3, '0')}0000`);
    await database.db.run('INSERT INTO segment (prefix, valid_from, branch, version) VALUES ?', [
      asked.map((msisdn) => [msisdn.slice(0, 7), '2026-01-01', HUBEI, 2]),
    ]);
    expect((await routes.routes(asked, TODAY)).size).toBe(256);
  });

  test('a number that a file gave away is taken back by the branch that registers it', async () => {
    await database.db.run('INSERT INTO ported_number (msisdn, valid_from, branch, version, pending) VALUES ?', [
      [['13800005555', TODAY, null, 4, 1]],
    ]);
    expect(await routes.assign(database.db, '13800005555', HUNAN, TODAY)).toBe('ported');
    expect((await routes.routes(['13800005555'], TODAY)).get('13800005555')).toBe(HUNAN);
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

import { connectionOptions } from '@yidian/database';
import { sqlText, type Statement } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { cash, DAY, ledgerPlan } from './ledger-fixture';
import { lockAccounts, lookUpKeys, updateAccounts } from './ledger.store';

const LOADED = 6_000;
const LIST = 256;

describe('statements that take lists, on a table just loaded', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    const numbers = Array.from({ length: LOADED }, (_, n) => n);
    for (let from = 0; from < LOADED; from += 2_000) {
      const part = numbers.slice(from, from + 2_000);
      const accounts = part.map((n) => [cash(`s${n}`), 'cash', 'CNY', 0, 1_000, 0, 0, 1]);
      await admin.query('INSERT INTO account (id, kind, currency, floor, ceiling, balance, slack, version) VALUES ?', [
        accounts,
      ]);
      const postings = part.map((n) => [
        DAY,
        `k${n}`,
        'posted',
        '',
        'test',
        Buffer.alloc(32),
        '',
        '{}',
        1,
        n,
        1,
        new Date(),
      ]);
      await admin.query(
        'INSERT INTO posting (key_day, k, outcome, reason, actor, input_hash, input, balances, lane_id, batch_no, n, at) VALUES ?',
        [postings],
      );
    }
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  const chosen = Array.from({ length: LIST }, (_, n) => n * 23 + 3);
  const cases: [string, Statement[]][] = [
    ['lock accounts', lockAccounts(chosen.map((n) => cash(`s${n}`)).sort())],
    ['look up keys', lookUpKeys(chosen.map((n) => ({ key: `k${n}`, keyDay: DAY })))],
    [
      'update balances',
      updateAccounts(chosen.map((n) => ({ id: cash(`s${n}`), delta: 1n, slack: 0n }))).map(
        ({ statement }) => statement,
      ),
    ],
  ];

  test.each(cases)('%s by the primary key only', async (_, statements) => {
    expect(statements).toHaveLength(1);
    for (const { sql, params } of statements) {
      const [plan] = await admin.query<mysql.RowDataPacket[]>(`EXPLAIN ${sqlText(sql, params ?? [])}`);
      expect(plan).toHaveLength(1);
      expect(plan[0]).toMatchObject({ key: 'PRIMARY', type: 'range' });
      expect(Number(plan[0]?.['rows'])).toBeLessThanOrEqual(LIST);
    }
  });

  test('lists stay under a thousand', () => {
    const ids = Array.from({ length: 2_048 }, (_, n) => `a${n}`);
    for (const { params } of lockAccounts(ids)) expect((params?.[0] as string[]).length).toBeLessThan(1_000);
    const changes = ids.map((id) => ({ id, delta: 1n, slack: 0n }));
    expect(updateAccounts(changes).map(({ rows }) => rows)).toEqual([900, 900, 248]);
  });
});

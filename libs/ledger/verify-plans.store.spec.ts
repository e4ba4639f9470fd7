import { connectionOptions, type Queryable, type Row } from '@yidian/database';
import { verifyChains } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { cash, DAY, ledgerPlan } from './ledger-fixture';
import { postingsOfBatches, storedBalances, storedPostings, transfersOfBatches } from './ledger.store';
import { balancesAfter } from './snapshots.store';
import { accountsPage, sharedBalances } from './verify.store';
import { verifyLedger } from './verify-ledger';

const LOADED = 6_000;
const PAGE = 50;
const BIG = ['account', 'account_part', 'posting', 'transfer', 'batch', 'fact', 'anchor', 'account_snapshot'];

/** Statements as they are sent, with the plan the server has for each: what it would read without an index, by table. */
class Explained implements Queryable {
  readonly scanned: string[] = [];
  readonly plans: Row[] = [];

  constructor(
    private readonly db: Queryable,
    private readonly admin: mysql.Connection,
  ) {}

  async select<T extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const [plan] = await this.admin.query<mysql.RowDataPacket[]>(`EXPLAIN ${sql}`, [...params]);
    this.plans.push(...plan);
    for (const row of plan) if (row['type'] === 'ALL' && BIG.includes(String(row['table']))) this.scanned.push(sql);
    return this.db.select<T>(sql, params);
  }

  run(): Promise<number> {
    throw new Error('reads only');
  }
}

describe('what verification and look-ups read, on tables just loaded', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let db: Explained;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    const now = new Date();
    const numbers = Array.from({ length: LOADED }, (_, n) => n + 1);
    const load = async (table: string, columns: string, row: (n: number) => unknown[]) => {
      for (let at = 0; at < LOADED; at += 1_000)
        await admin.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [numbers.slice(at, at + 1_000).map(row)]);
    };
    const hash = Buffer.alloc(32);
    await load('account', 'id, kind, currency, floor, ceiling, balance, slack, version', (n) => [
      ...[cash(`s${n}`), 'cash', 'CNY', 0, 1_000, 0, 0, 1],
    ]);
    await load('account_part', 'account_id, currency, slot, balance', (n) => [`branch/${n}/receivable`, 'CNY', 0, 0]);
    await load('account_snapshot', 'day, account_id, currency, balance', (n) => [DAY, cash(`s${n}`), 'CNY', 1]);
    await load(
      'posting',
      'key_day, k, outcome, reason, actor, input_hash, input, balances, lane_id, batch_no, n, at',
      (n) => [...[DAY, `k${n}`, 'posted', '', 'test', hash, '[]', '{}', 1, n, 1, now]],
    );
    await load(
      'transfer',
      'lane_id, batch_no, n, day, k, debit, credit, amount, currency, kind, refers_to, forced, at',
      (n) => [...[1, n, 0, DAY, `k${n}`, 'branch/1/receivable', cash(`s${n}`), 1, 'CNY', 'topup', '', 0, now]],
    );
    await load('batch', 'lane_id, batch_no, first_seq, n, body_hash, prev, hash, anchor_n', (n) => [
      ...[1, n, n, 1, hash, hash, hash, 0],
    ]);
    await load('anchor', 'n, prev, hash, at', (n) => [n, hash, hash, now]);
    await admin.query(
      `INSERT INTO lane (lane_id, service, instance, slot, state, seq, batch_no, head, day_epoch, beat, beat_at, opened_at)
        VALUES (1, 'ledger', 'test', 0, 'open', 0, ?, ?, 1, 0, NOW(3), NOW(3))`,
      [LOADED, hash],
    );
  });
  beforeEach(() => (db = new Explained(database.db, admin)));
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  const chosen = Array.from({ length: 256 }, (_, n) => n * 23 + 3);
  const reads: [string, (db: Queryable) => Promise<unknown>, number][] = [
    [
      'balances of accounts',
      (q) =>
        storedBalances(
          q,
          chosen.map((n) => cash(`s${n}`)),
        ),
      2 * 256,
    ],
    [
      'postings by key',
      (q) =>
        storedPostings(
          q,
          chosen.map((n) => ({ key: `k${n}`, keyDay: DAY })),
        ),
      256,
    ],
    ['postings of batches', (q) => postingsOfBatches(q, 1, 100n, 100n + BigInt(PAGE)), 2 * PAGE],
    ['transfers of batches', (q) => transfersOfBatches(q, 1, 100n, 100n + BigInt(PAGE)), 2 * PAGE],
    ['a page of a snapshot', (q) => balancesAfter(q, DAY, { id: cash('s3'), currency: 'CNY' }, PAGE), LOADED],
  ];

  test.each(reads)('%s: by an index, and no more rows than are wanted', async (_, read, most) => {
    await read(db);
    expect(db.scanned).toEqual([]);
    const rows = db.plans.filter((row) => BIG.includes(String(row['table']))).map((row) => Number(row['rows']));
    expect(Math.max(...rows)).toBeLessThanOrEqual(most);
  });

  test('a page of accounts is read from its place on', async () => {
    await accountsPage(db, cash('s3'), PAGE, 1);
    const account = db.plans.find((row) => row['table'] === 'account');
    expect(account).toMatchObject({ type: 'range', key: 'PRIMARY' });
  });

  test('shared accounts are grouped along their key', async () => {
    await sharedBalances(db);
    expect(db.plans.find((row) => row['table'] === 'account_part')).toMatchObject({ type: 'index', key: 'PRIMARY' });
  });

  test('a whole verification scans no big table, and walks no index from end to end but that of shared accounts', async () => {
    const through = { ...database.db, select: db.select.bind(db) };
    await verifyLedger(through, { pageRows: 2_000 });
    await verifyChains(through);
    expect(db.scanned).toEqual([]);
    const whole = db.plans.filter((row) => row['type'] === 'index' && BIG.includes(String(row['table'])));
    expect([...new Set(whole.map((row) => row['table']))]).toEqual(['account_part']);
  });
});

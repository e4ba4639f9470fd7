import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { checkRun, isClean } from './check-run';
import { orderOf } from './orders';

/** The columns that the checker reads, of both services, in one schema. */
class Tables1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE payment (payment_no CHAR(20), reference VARCHAR(64), state VARCHAR(20), amount BIGINT, subscriber_id VARCHAR(32))',
    );
    await runner.query('CREATE TABLE transfer (k VARCHAR(80), credit VARCHAR(80), amount BIGINT, kind VARCHAR(20))');
    await runner.query('CREATE TABLE account (id VARCHAR(80) PRIMARY KEY, balance BIGINT)');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

const RUN = 'b1';
const ORDERS = 60;
const subscribers = ['a', 'b', 'c'].map((id, i) => ({
  id,
  msisdn: `1350110001${i}`,
  branch: '110000',
  opening: 1_000,
}));
const numberOf = (n: number): string => String(n).padStart(20, '0');

describe('the check of a run finds what is put in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yd-check-'));
  const journal = join(folder, 'journal');
  let database: TestDatabase;

  beforeAll(async () => {
    const plan = { service: 'bench', migrations: [Tables1800000000000], appendOnly: [] };
    database = await testDatabase(plan);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.close();
  });

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['payment', 'transfer', 'account']) await db.run(`DELETE FROM ${table}`);
    const orders = Array.from({ length: ORDERS }, (_, n) => ({ n, ...orderOf(RUN, subscribers.length, n) }));
    const owner = (place: number) => subscribers[place]?.id ?? '';
    await db.run('INSERT INTO payment VALUES ?', [
      orders.map(({ n, reference, amount, subscriber }) => [
        numberOf(n),
        reference,
        'completed',
        amount,
        owner(subscriber),
      ]),
    ]);
    await db.run('INSERT INTO transfer VALUES ?', [
      orders.map(({ n, amount, subscriber }) => [numberOf(n), `subscriber/${owner(subscriber)}/cash`, amount, 'topup']),
    ]);
    await db.run('INSERT INTO account VALUES ?', [
      subscribers.map(({ id, opening }, place) => {
        const own = orders.filter(({ subscriber }) => subscriber === place);
        return [`subscriber/${id}/cash`, own.reduce((sum, { amount }) => sum + amount, opening)];
      }),
    ]);
    writeFileSync(journal, orders.map(({ n, reference }) => `${reference}\t${numberOf(n)}\n`).join(''));
  });

  const check = () =>
    checkRun({
      run: RUN,
      journal,
      subscribers,
      gatewaySchema: database.adminUrl,
      billingSchema: database.adminUrl,
    });

  test('nothing in a clean run', async () => {
    const verdict = await check();
    expect(verdict).toMatchObject({ acknowledged: ORDERS, payments: ORDERS, credits: ORDERS, lost: 0, doubled: 0 });
    expect([isClean(verdict), verdict.troubles]).toEqual([true, []]);
  });

  const spoilt: [string, string[], object][] = [
    ['a payment that is gone', [`DELETE FROM payment WHERE payment_no = '${numberOf(5)}'`], { lost: 1, doubled: 1 }],
    ['a credit that is gone', [`DELETE FROM transfer WHERE k = '${numberOf(5)}'`], { lost: 1, doubled: 0 }],
    [
      'a payment that is not completed',
      [`UPDATE payment SET state = 'paid' WHERE payment_no = '${numberOf(5)}'`],
      { lost: 1, notFinal: 1, balancesOff: 1 },
    ],
    ['a credit too many', ['INSERT INTO transfer SELECT * FROM transfer LIMIT 1'], { lost: 0, doubled: 1 }],
    [
      'a reference with two payments',
      [
        `INSERT INTO payment SELECT '${'9'.repeat(20)}', reference, 'closed', amount, subscriber_id FROM payment LIMIT 1`,
      ],
      { doubled: 1 },
    ],
    ['a fen too much credited', [`UPDATE transfer SET amount = amount + 1 WHERE k = '${numberOf(5)}'`], { lost: 1 }],
    [
      'a credit to somebody else',
      [`UPDATE transfer SET credit = 'subscriber/zz/cash' WHERE k = '${numberOf(5)}'`],
      { lost: 1 },
    ],
    [
      'a balance that is off',
      ["UPDATE account SET balance = balance - 1 WHERE id = 'subscriber/b/cash'"],
      { balancesOff: 1 },
    ],
    ['an account that is gone', ["DELETE FROM account WHERE id = 'subscriber/b/cash'"], { balancesOff: 1 }],
  ];
  test.each(spoilt)('%s', async (_, statements, found) => {
    for (const statement of statements) await database.db.run(statement);
    const verdict = await check();
    expect(verdict).toMatchObject(found);
    expect(isClean(verdict)).toBe(false);
    expect(verdict.troubles.length).toBeGreaterThan(0);
  });
});

import { connectionOptions } from '@yidian/database';
import { writeAnchor } from '@yidian/journal';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { cash, ledgerPlan, RECEIVABLE, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';
import { Verification } from './verification';

/** What follows puts two rows of a table in each other's place by way of a free one. */
const swapTransfers = `UPDATE transfer SET n = 900 WHERE lane_id = L AND batch_no = B AND n = 0;
  UPDATE transfer SET n = 0 WHERE lane_id = L AND batch_no = B AND n = 1;
  UPDATE transfer SET n = 1 WHERE lane_id = L AND batch_no = B AND n = 900`;
const swapBatches = `UPDATE transfer SET batch_no = 900 WHERE lane_id = L AND batch_no = B;
  UPDATE transfer SET batch_no = B WHERE lane_id = L AND batch_no = C;
  UPDATE transfer SET batch_no = C WHERE lane_id = L AND batch_no = 900`;
const ONE = `lane_id = L AND batch_no = B AND n = 0`;

describe('verification of a ledger', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let ledger: Ledger;
  let names: Record<string, string>;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection({ ...connectionOptions(database.adminUrl), multipleStatements: true });
    ledger = new Ledger({ url: database.url, service: 'ledger', instance: 'test', db: database.db });
    await ledger.open();
    const both = (n: number) => [topup(`t${n}`, `s${n % 3}`, 500n), topup(`u${n}`, `s${n % 5}`, 30n)];
    for (let n = 0; n < 9; n++) await Promise.all(both(n).map((one) => ledger.post(one)));
    await ledger.post(usage('refused', 's4', 9_000n));
    await ledger.post(usage('forced', 's4', 9_000n, true));
    await writeAnchor(database.db);
    await ledger.post(topup('last', 's0', 7n));
    await ledger.close();
    // A batch of two postings, and the one after it.
    const [row] = await database.db.select<{ L: number; B: bigint }>(
      `SELECT lane_id AS L, MIN(batch_no) AS B FROM transfer WHERE n = 1 GROUP BY lane_id`,
    );
    const [of] = await database.db.select<{ debit: string; credit: string }>(
      `SELECT debit, credit FROM transfer WHERE lane_id = ? AND batch_no = ? AND n = 0`,
      [row?.L, row?.B],
    );
    names = { L: String(row?.L), B: String(row?.B), C: String((row?.B ?? 0n) + 1n), X: of?.credit ?? '' };
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });
  const here = (text: string) => text.replace(/\b[LBCX]\b/g, (name) => names[name] ?? name);
  const details = async (since?: 'start') =>
    (await ledger.verify({ ...(since ? { since } : {}), pageRows: 3 })).checks
      .filter((check) => !check.ok)
      .map((check) => `${check.name}: ${check.detail}`)
      .join('\n');

  test('what the door has written verifies', async () => {
    expect(await ledger.verify()).toEqual({
      ok: true,
      checks: [
        { name: 'zero_sum', ok: true, detail: 'every currency sums to zero' },
        { name: 'balances', ok: true, detail: 'every balance is the sum of its transfers' },
        { name: 'chains', ok: true, detail: expect.stringMatching(/^1 lanes, \d+ batches, 1 anchors$/) },
      ],
    });
  });

  test.each([
    [
      'an amount',
      `UPDATE transfer SET amount = amount + 1 WHERE ${ONE}`,
      ['lane L, batch B: its rows', 'X holds', RECEIVABLE],
    ],
    [
      'an account of a transfer',
      `UPDATE transfer SET credit = '${cash('s9')}' WHERE ${ONE}`,
      ['lane L, batch B: its rows', 'X holds', `${cash('s9')} holds 0 CNY`],
    ],
    ['a forced mark', `UPDATE transfer SET forced = 1 WHERE ${ONE}`, ['lane L, batch B: its rows']],
    [
      'a balance',
      `UPDATE account SET balance = balance + 100 WHERE id = 'X'`,
      ['zero_sum: CNY is off by 100', 'balances: X holds'],
    ],
    [
      'two balances that cancel',
      `UPDATE account SET balance = balance + 5 WHERE id = '${cash('s0')}'; UPDATE account SET balance = balance - 5 WHERE id = '${cash('s1')}'`,
      [`${cash('s0')} holds`, `${cash('s1')} holds`],
    ],
    [
      'a shared balance',
      `UPDATE account_part SET balance = balance - 1 WHERE account_id = '${RECEIVABLE}'`,
      [`balances: ${RECEIVABLE} holds -`],
    ],
    ['a currency', `UPDATE account SET currency = 'USD' WHERE id = 'X'`, ['X holds 0 CNY', 'USD']],
    [
      "a posting's outcome",
      `UPDATE posting SET outcome = 'rejected', reason = 'below_floor' WHERE k = 't3'`,
      ['chains: lane L, batch'],
    ],
    [
      'a stored refusal made good',
      `UPDATE posting SET outcome = 'posted', reason = '' WHERE k = 'refused'`,
      ['chains: lane L, batch'],
    ],
    [
      "a posting's stored input",
      `UPDATE posting SET input = REPLACE(input, '500', '600') WHERE k = 't3'`,
      ['chains: lane L, batch'],
    ],
    ['a transfer gone', `DELETE FROM transfer WHERE ${ONE}`, ['lane L, batch B: its rows', 'X holds']],
    ['a posting gone', `DELETE FROM posting WHERE k = 't3'`, ['chains: lane L, batch']],
    ['two transfers of a batch swapped', swapTransfers, ['chains: lane L, batch B: its rows']],
    ['the transfers of two batches swapped', swapBatches, ['lane L, batch B: its rows', 'lane L, batch C: its rows']],
    [
      'a head',
      `UPDATE lane SET head = REPEAT('h', 32) WHERE lane_id = L`,
      ['chains: lane L: its head is not its last batch'],
    ],
    ['a batch gone', `DELETE FROM batch WHERE lane_id = L AND batch_no = B`, ['lane L, batch B: it is missing']],
    ['an account gone', `DELETE FROM account WHERE id = 'X'`, ['zero_sum', 'X holds 0 CNY']],
    [
      'a posting out of nowhere',
      `INSERT INTO posting SELECT key_day, 'forged', outcome, reason, actor, input_hash, input, balances, 77, batch_no, n, at FROM posting WHERE k = 't3'`,
      ['posting: rows of lane 77'],
    ],
    [
      'a transfer out of nowhere',
      `INSERT INTO transfer SELECT lane_id, 5000, n, day, k, debit, credit, amount, currency, kind, refers_to, forced, at FROM transfer WHERE ${ONE}`,
      ['transfer: rows of lane L'],
    ],
  ] as const)('%s that was changed is found and named', async (_, damage, named) => {
    const tables = ['posting', 'transfer', 'account_part', 'account', 'batch', 'lane'].filter((table) =>
      new RegExp(`(UPDATE|FROM|INTO) ${table}\\b`).test(damage),
    );
    for (const table of tables) await admin.query(`CREATE TABLE keep_${table} AS SELECT * FROM ${table}`);
    try {
      await admin.query(here(damage));
      const found = await details();
      for (const name of named) expect(found).toContain(here(name));
    } finally {
      for (const table of tables)
        await admin.query(
          `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM keep_${table}; DROP TABLE keep_${table}`,
        );
    }
    expect(await details()).toBe('');
  });
});

describe('verification beside writers', () => {
  let database: TestDatabase;
  let ledgers: Ledger[];
  let working = true;
  let sent = 0;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    ledgers = await Promise.all([open(2), open(1)]);
  });
  afterAll(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await database.close();
  });

  async function open(lanes: number): Promise<Ledger> {
    const options = { url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes };
    const ledger = new Ledger({ ...options, limits: { items: 8 } });
    await ledger.open();
    return ledger;
  }

  /** New accounts, in the middle of what is being read, and moves between old ones that are pages apart. */
  async function load(ledger: Ledger): Promise<void> {
    while (working) {
      const n = sent++;
      const name = `${(n * 7919) % 100}x${n % 12}`;
      await ledger.post(topup(`w${n}`, name, BigInt(10 + (n % 90))));
      if (n % 3 === 0) await ledger.post(usage(`v${n}`, name, 5n));
    }
  }

  test('it finds nothing, however often it looks, whatever page it looks at', async () => {
    const loads = ledgers.flatMap((ledger) => [load(ledger), load(ledger), load(ledger)]);
    const until = performance.now() + 3_000;
    let looks = 0;
    try {
      for (; looks < 6 || performance.now() < until; looks++) {
        if (looks % 4 === 1) await writeAnchor(database.db);
        if (looks % 4 === 2) await ledgers[0]?.takeSnapshot(`2026-11-${10 + looks}`);
        if (looks % 4 === 3) await turnOver();
        const since = looks % 2 ? ('start' as const) : ('snapshot' as const);
        const report = await (ledgers[0] as Ledger).verify({ since, pageRows: 5 + 10 * (looks % 4) });
        expect(report.checks.filter((check) => !check.ok)).toEqual([]);
      }
    } finally {
      working = false;
      await Promise.all(loads);
    }
    expect(sent).toBeGreaterThan(50);
    process.stdout.write(`${looks} looks while ${sent} postings were made\n`);
  });

  /** A process ends and another begins: lanes close and open while balances are read. */
  async function turnOver(): Promise<void> {
    const next = await open(1);
    await next.post(topup(`turn${sent++}`, 'turn', 1n));
    await next.close();
  }

  test('in a service: one at a time, shared; one that outlasts its caller is the next caller’s', async () => {
    let runs = 0;
    let finish = (): void => undefined;
    const slow = new Verification({
      verify: () => {
        runs++;
        return new Promise((resolve) => (finish = () => resolve({ ok: true, checks: [] })));
      },
    });
    const early = await Promise.all([slow.run({ waitMs: 20 }), slow.run({ waitMs: 30 })]);
    expect(early.map(({ ok, checks }) => [ok, checks[0]?.detail])).toEqual([
      [false, 'under way: begun'],
      [false, 'under way: begun'],
    ]);
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await slow.run({ waitMs: 20 })).toEqual({ ok: true, checks: [] });
    expect(runs).toBe(1);
    const later = slow.run();
    const full = slow.run({ since: 'start' });
    finish();
    await later;
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    expect(await full).toEqual({ ok: true, checks: [] });
    expect(runs).toBe(3);
    expect(await new Verification(ledgers[0] as Ledger).run()).toMatchObject({ ok: true });
  });

  test('a failed one is told to its caller, and the next begins anew', async () => {
    let runs = 0;
    const broken = new Verification({
      verify: () => (runs++ ? Promise.resolve({ ok: true, checks: [] }) : Promise.reject(new Error('away'))),
    });
    await expect(broken.run()).rejects.toThrow('away');
    expect(await broken.run()).toMatchObject({ ok: true });
  });
});

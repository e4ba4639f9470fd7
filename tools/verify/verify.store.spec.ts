import { openAnchorKey, sealWhenDue, writeAnchor } from '@yidian/journal';
import { Ledger, NO_LIMIT, snapshotNote } from '@yidian/ledger';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { connectionOptions } from '@yidian/database';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSources } from '../../apps/billing/src/hash-sources';
import { schema as billing } from '../../apps/billing/src/schema';
import { schema as gateway } from '../../apps/gateway/src/schema';
import { main } from './main';
import { readOptions } from './options';

const DAY = '2026-11-22';

describe('npm run verify', () => {
  let database: TestDatabase;
  let payments: TestDatabase;
  let admin: mysql.Connection;
  let ledger: Ledger;
  let root: string;
  const said: string[] = [];
  const lines: string[] = [];
  const screen = {
    say: (text = '') => void lines.push(text),
    step: (name: string) => ({
      note: () => undefined,
      progress: () => undefined,
      done: (detail = '') => void lines.push(`done ${name} ${detail}`),
      fail: (detail = '') => void lines.push(`fail ${name} ${detail}`),
    }),
  };

  beforeAll(async () => {
    database = await testDatabase(billing);
    payments = await testDatabase(gateway);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    process.env['BILLING_DATABASE_URL'] = database.url;
    process.env['GATEWAY_DATABASE_URL'] = payments.url;
    root = mkdtempSync(join(tmpdir(), 'yd-verify-'));
    const { db, url } = database;
    ledger = new Ledger({ url, service: 'billing', instance: 'test', db, sources: hashSources });
    await ledger.open();
    for (let n = 0; n < 6; n++) await topup(n);
  });
  beforeEach(() => {
    said.length = 0;
    lines.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(said.push(String(text))));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    delete process.env['BILLING_DATABASE_URL'];
    delete process.env['GATEWAY_DATABASE_URL'];
    await ledger.close();
    await admin.end();
    await Promise.all([database.close(), payments.close()]);
  });

  const topup = (n: number) =>
    ledger.post({
      ...{ key: `k${n}`, keyDay: DAY, actor: 'test', input: { n: String(n) } },
      transfers: [{ debit: 'branch/420000/receivable', credit: 'subscriber/s/cash', amount: 100n, kind: 'topup' }],
      opens: [{ id: 'subscriber/s/cash', kind: 'cash', floor: 0n, ceiling: NO_LIMIT }],
    });
  const verify = (...args: string[]) => main(args, root, screen);

  test('books that are as they were written: 0', async () => {
    expect(await verify('--service', 'billing')).toBe(0);
    expect(lines).toEqual([
      'done billing 12 rows as they were written',
      expect.stringMatching(/^ {5}✔ zero_sum +every currency sums to zero$/),
      expect.stringMatching(/✔ balances/),
      expect.stringMatching(/✔ chains +1 lanes, 6 batches, 0 anchors$/),
    ]);
    expect(await verify('--service', 'gateway', '--since', 'snapshot')).toBe(0);
  });

  test('as one JSON object, the last line of stdout', async () => {
    expect(await verify('--service', 'billing', '--json')).toBe(0);
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({
      ok: true,
      services: [{ service: 'billing', ok: true, rows: 12 }],
    });
  });

  test('what is not is named: 2, and nothing of it leaves the house', async () => {
    await admin.query("UPDATE transfer SET amount = 101 WHERE k = 'k3'");
    expect(await verify('--service', 'billing')).toBe(2);
    expect(lines[0]).toMatch(/^fail billing/);
    expect(lines.join('\n')).toContain('subscriber/s/cash holds 600 CNY, its transfers say 601');
    await expect(verify('--service', 'billing', '--export-anchor', join(root, 'bad.json'))).rejects.toThrow(
      /^Nothing was exported/,
    );
    expect(existsSync(join(root, 'bad.json'))).toBe(false);
    await admin.query("UPDATE transfer SET amount = 100 WHERE k = 'k3'");
  });

  test('an anchor is exported once one was signed, and later rows are checked against it', async () => {
    const file = join(root, 'anchors.json');
    await expect(verify('--service', 'billing', '--export-anchor', file)).rejects.toThrow(/^No anchor was signed yet/);
    await writeAnchor(database.db);
    const taken = await ledger.takeSnapshot(DAY);
    if (!taken) throw new Error('no snapshot was taken');
    mkdirSync(join(root, '.data/billing'), { recursive: true });
    const key = await openAnchorKey(join(root, '.data/billing/anchor-key.json'));
    await sealWhenDue(database.db, 'billing', key, () => Promise.resolve([snapshotNote(taken)]));
    expect(await verify('--service', 'billing', '--export-anchor', file)).toBe(0);
    await topup(6);
    expect(await verify('--service', 'billing', '--against', file)).toBe(0);
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/✔ exported anchor +anchor 1 of .* holds$/),
      expect.stringMatching(/✔ open since +1 batches of 1 lanes, 0 anchors/),
    ]);
    expect(await verify('--against', file, '--service', 'gateway')).toBe(0);

    const other = await openAnchorKey(join(root, 'other.json'));
    writeFileSync(join(root, 'other.pem'), other.publicKeyPem);
    expect(await verify('--service', 'billing', '--against', file, '--public-key', join(root, 'other.pem'))).toBe(2);
    await admin.query('UPDATE account_snapshot_day SET rows_n = rows_n + 1');
    expect(await verify('--service', 'billing', '--against', file)).toBe(2);
    expect(lines.join('\n')).toContain(`the balances of ${DAY} are not those that were covered`);
    await admin.query('UPDATE account_snapshot_day SET rows_n = rows_n - 1');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      anchors: [{ service: 'billing', keyId: key.keyId }],
    });
  });

  test('without a key beside it, it says whose word it took', async () => {
    root = mkdtempSync(join(tmpdir(), 'yd-verify-'));
    const file = join(root, 'anchors.json');
    expect(await verify('--service', 'billing', '--export-anchor', file)).toBe(0);
    expect(await verify('--service', 'billing', '--against', file)).toBe(0);
    expect(lines.join('\n')).toMatch(/signed by the key in the file itself: is it yours\? anchor-[0-9a-f]{16}/);
    await expect(
      verify('--service', 'billing', '--against', file, '--public-key', join(root, 'none.pem')),
    ).rejects.toThrow(/^There is no file/);
  });

  test.each([
    [['--service', 'bank'], /no service bank/],
    [['--since', 'noon'], /--since takes/],
    [['--against'], /--against is not understood/],
    [['--against', '/nowhere'], /There is no file/],
  ])('%j is refused in a sentence', async (args, words) => {
    await expect(verify(...args)).rejects.toThrow(words);
  });

  test('against an earlier anchor everything is walked', () => {
    expect(readOptions(['--against', 'x', '--since', 'snapshot']).since).toBe('start');
  });

  test('where nothing runs and nothing is named, it says what to do', async () => {
    delete process.env['BILLING_DATABASE_URL'];
    await expect(verify('--service', 'billing')).rejects.toThrow(/run `npm start`, or name the database/);
    process.env['BILLING_DATABASE_URL'] = database.url;
  });
});

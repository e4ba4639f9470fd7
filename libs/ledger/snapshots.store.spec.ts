import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { cash, ledgerPlan, topup, usage } from './ledger-fixture';
import { Ledger } from './ledger';

const bad = async (ledger: Ledger, since: 'start' | 'snapshot') =>
  (await ledger.verify({ since })).checks.filter((check) => !check.ok).map((check) => check.name);

describe('snapshots of balances', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let ledger: Ledger;
  let n = 0;

  beforeAll(async () => {
    database = await testDatabase(ledgerPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    ledger = new Ledger({ url: database.url, service: 'ledger', instance: 'test', db: database.db, lanes: 2 });
    await ledger.open();
  });
  afterAll(async () => {
    await ledger.close();
    await admin.end();
    await database.close();
  });
  const work = async (times = 20) => {
    for (let i = 0; i < times; i++, n++) await ledger.post(topup(`k${n}`, `s${n % 7}`, 100n));
  };
  const rows = async (day: string) =>
    (await database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM account_snapshot WHERE day = ?', [day]))[0]?.n;

  test('of a ledger that never moved there is none', async () => {
    expect(await ledger.takeSnapshot('2026-11-20')).toBeUndefined();
  });

  test('taken while writers go on; verification then begins there', async () => {
    await work();
    const working = work(60);
    const taken = await ledger.takeSnapshot('2026-11-21');
    await working;
    expect(taken).toMatchObject({ day: '2026-11-21', state: 'taken', rows: 8n });
    expect(await ledger.takeSnapshot('2026-11-21')).toEqual(taken);
    const { ok, checks } = await ledger.verify();
    expect(ok).toBe(true);
    expect(checks.map((check) => `${check.name} ${check.detail}`).slice(2)).toEqual([
      expect.stringMatching(/^chains 2 lanes, \d+ batches, 1 anchors, since the snapshot of 2026-11-21$/),
      'snapshot 2026-11-21, at anchor 1',
    ]);
    expect(await bad(ledger, 'start')).toEqual([]);
  });

  test('the next one begins at the last; what came to zero has no row', async () => {
    await ledger.post(topup('z1', 'zero', 100n));
    await ledger.post(usage('z2', 'zero', 100n));
    await work();
    expect(await ledger.takeSnapshot('2026-11-22')).toMatchObject({ state: 'taken', rows: 9n });
    expect(await bad(ledger, 'snapshot')).toEqual([]);
  });

  test('a change before it is found from the start, not from the snapshot; one behind it from both', async () => {
    await work();
    const first = 'ORDER BY at LIMIT 1';
    await admin.query(`UPDATE posting SET actor = 'nobody' ${first}`);
    expect(await bad(ledger, 'snapshot')).toEqual([]);
    expect(await bad(ledger, 'start')).toEqual(['chains']);
    await admin.query(`UPDATE posting SET actor = 'test' ${first}`);
    await admin.query("UPDATE posting SET actor = 'nobody' ORDER BY at DESC LIMIT 1");
    expect(await bad(ledger, 'snapshot')).toEqual(['chains']);
    expect(await bad(ledger, 'start')).toEqual(['chains']);
    await admin.query("UPDATE posting SET actor = 'test'");
    expect(await bad(ledger, 'start')).toEqual([]);
  });

  test('a change of the snapshot itself is found from both', async () => {
    const change = (by: number) =>
      admin.query('UPDATE account_snapshot SET balance = balance + ? WHERE day = ? AND account_id = ?', [
        by,
        '2026-11-22',
        cash('s1'),
      ]);
    await change(1);
    expect(await bad(ledger, 'snapshot')).toEqual(['balances', 'snapshot']);
    expect(await bad(ledger, 'start')).toEqual(['snapshot']);
    await change(-1);
    expect(await bad(ledger, 'snapshot')).toEqual([]);
  });

  test('balances that their transfers do not say are refused, and stand for nothing', async () => {
    const change = (by: number) =>
      admin.query('UPDATE account SET balance = balance + ? WHERE id = ?', [by, cash('s2')]);
    await change(1);
    expect(await ledger.takeSnapshot('2026-11-23')).toMatchObject({ state: 'refused' });
    await change(-1);
    const { ok, checks } = await ledger.verify();
    expect(ok).toBe(true);
    expect(checks.at(-1)?.detail).toContain('2026-11-22');
    expect(await ledger.takeSnapshot('2026-11-23')).toMatchObject({ state: 'refused' });
  });

  test('one that its process left half-way is begun again by another, in its own time', async () => {
    const stop = () => Promise.reject(new Error('killed'));
    await expect(ledger.takeSnapshot('2026-11-24', { breathe: stop })).rejects.toThrow('killed');
    expect(await rows('2026-11-24')).toBeGreaterThan(0n);
    expect(await ledger.takeSnapshot('2026-11-24')).toBeUndefined();
    await admin.query('UPDATE account_snapshot_day SET beat_at = beat_at - INTERVAL 2 MINUTE WHERE day = ?', [
      '2026-11-24',
    ]);
    await work();
    const both = await Promise.all([ledger.takeSnapshot('2026-11-24'), ledger.takeSnapshot('2026-11-24')]);
    expect(both.filter((one) => one?.state === 'taken')).toHaveLength(1);
    expect(await bad(ledger, 'snapshot')).toEqual([]);
  });

  test('who was taken over writes nothing more', async () => {
    const breathe = async () => {
      await admin.query("UPDATE account_snapshot_day SET anchor_n = anchor_n + 100 WHERE day = '2026-11-25'");
    };
    expect(await ledger.takeSnapshot('2026-11-25', { breathe })).toBeUndefined();
    expect(await ledger.verify()).toMatchObject({ ok: true });
    await admin.query("UPDATE account_snapshot_day SET state = 'refused' WHERE day = '2026-11-25'");
  });

  test('rows of the last seven are kept, the hashes of all', async () => {
    for (let day = 1; day <= 9; day++) {
      await work(2);
      await ledger.takeSnapshot(`2026-12-0${day}`);
    }
    expect(await rows('2026-12-02')).toBe(0n);
    expect(await rows('2026-12-03')).toBeGreaterThan(0n);
    const days = await database.db.select("SELECT day FROM account_snapshot_day WHERE state = 'taken'");
    expect(days).toHaveLength(12);
    expect(await bad(ledger, 'start')).toEqual([]);
  });
});

import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { writeAnchor } from './anchors';
import { latestAnchor } from './anchors.store';
import { Audit, AUDIT_SOURCE } from './audit';
import { Books } from './books';
import type { Progress } from './findings';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

const SWAP = [
  'UPDATE fact SET seq = 1000 WHERE seq = 1',
  'UPDATE fact SET seq = 1 WHERE seq = 2',
  'UPDATE fact SET seq = 2 WHERE seq = 1000',
].join(';');
const ADD_FACT = [
  'CREATE TEMPORARY TABLE more AS SELECT * FROM fact ORDER BY seq DESC LIMIT 1',
  'UPDATE more SET seq = seq + 1',
  'INSERT INTO fact SELECT * FROM more',
  'DROP TEMPORARY TABLE more',
].join(';');

describe('hash chains', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let writer: LaneWriter<KeyItem, KeyAnswer>;
  let audit: Audit;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    await new Books(database.db).ensureProvider('p1', '2026-11-22');
    const options = { url: database.url, service: 'journal', instance: 'test' };
    writer = new LaneWriter({ ...options, body: keyBody() });
    audit = new Audit(options);
    await Promise.all([writer.open(), audit.open()]);
    for (let i = 0; i < 6; i++) {
      await Promise.all([1, 2, 3].map((n) => writer.submit({ key: `k${i}-${n}`, provider: 'p1' })));
      await audit.append({ actor: '李明', action: 'test', object: `k${i}`, before: null, after: '{"a":1}' });
      if (i % 2) await writeAnchor(database.db);
    }
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });
  const verify = () => verifyChains(database.db, [AUDIT_SOURCE]);

  test('facts, audit rows, batches and anchors verify', async () => {
    expect(await verify()).toMatchObject({ ok: true, detail: '2 lanes, 12 batches, 3 anchors' });
    const [batch] = await database.db.select('SELECT MAX(anchor_n) AS n FROM batch');
    expect(batch).toEqual({ n: 2n });
    expect(await verifyChains(database.db)).toMatchObject({ ok: false });
  });

  test('an anchor is written once per movement, by however many processes', async () => {
    await audit.append({ actor: 'a', action: 'b', object: 'c', before: null, after: null });
    const before = await latestAnchor(database.db);
    await Promise.all([1, 2, 3].map(() => writeAnchor(database.db)));
    const after = await latestAnchor(database.db);
    expect(after?.n).toBe((before?.n ?? 0n) + 1n);
    expect(await writeAnchor(database.db)).toBeNull();
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('progress counts batches and rows, and the walk lets others have their turn', async () => {
    const told: Progress[] = [];
    let turns = 0;
    const breathe = () => Promise.resolve(void turns++);
    const pace = { progress: (one: Progress) => told.push(one), breathe, pageRows: 4 };
    expect(await verifyChains(database.db, [AUDIT_SOURCE], pace)).toMatchObject({ ok: true });
    expect(told.at(-1)).toMatchObject({ batches: 13n, ofBatches: 13n, rows: 25 });
    expect(turns).toBeGreaterThan(2);
  });

  test('what is written while it is verified is no finding', async () => {
    let n = 0;
    const breathe = async () => {
      await Promise.all([writer.submit({ key: `busy${n++}`, provider: 'p1' }), writeAnchor(database.db)]);
    };
    expect(await verifyChains(database.db, [AUDIT_SOURCE], { breathe, pageRows: 2 })).toMatchObject({ ok: true });
    expect(n).toBeGreaterThan(2);
  });

  test('writers close their lanes when they end', async () => {
    await Promise.all([writer.close(), audit.close()]);
    expect(await database.db.select("SELECT lane_id FROM lane WHERE state = 'open'")).toEqual([]);
  });

  test.each([
    ['an altered fact', 'UPDATE fact SET amount = amount + 1 WHERE seq = 4', 'lane L, batch 2: its rows'],
    ['a moved fact', "UPDATE fact SET book_date = '2026-11-23' WHERE seq = 4", 'lane L, batch 2: its rows'],
    ['a removed fact', 'DELETE FROM fact WHERE seq = 18', 'lane L, batch 6: its rows'],
    ['two facts swapped', SWAP, 'lane L, batch 1: its rows'],
    ['an added fact', ADD_FACT, 'fact: rows of lane L'],
    ['an altered audit row', "UPDATE audit SET actor = 'nobody' WHERE batch_no = 3", 'lane A, batch 3: its rows'],
    ['an audit row of no lane', 'UPDATE audit SET lane_id = 99 WHERE batch_no = 3', 'audit: rows of lane 99'],
    ['a removed batch', 'DELETE FROM batch WHERE batch_no = 3 AND lane_id = L', 'lane L, batch 3: it is missing'],
    ['a batch that quotes another anchor', 'UPDATE batch SET anchor_n = 0 WHERE batch_no = 6', 'batch 6: the chain'],
    ['an altered anchor', "UPDATE anchor SET hash = REPEAT('x', 32) WHERE n = 1", 'anchor 1 does not follow'],
    [
      'an altered anchored head',
      'UPDATE anchor_head SET batch_no = batch_no - 1 WHERE anchor_n = 2 AND lane_id = L',
      'anchor 2: lane L no longer has the head',
    ],
    ['a removed anchor', 'DELETE FROM anchor WHERE n = 2', 'anchor 2 is missing'],
    ['the last anchor removed', 'DELETE FROM anchor ORDER BY n DESC LIMIT 1', 'is missing'],
    ['a lane set back', 'UPDATE lane SET batch_no = batch_no - 1 WHERE lane_id = L', 'lane L: its head is not'],
    ['a lane removed', 'DELETE FROM lane WHERE lane_id = L', 'fact: rows of lane L that no batch'],
    ['an altered head', "UPDATE lane SET head = REPEAT('x', 32) WHERE lane_id = L", 'lane L: its head is not'],
  ])('%s is found and named', async (_, tamper, named) => {
    const [lane] = await database.db.select<{ L: number; A: number }>(
      'SELECT (SELECT MIN(lane_id) FROM fact) AS L, (SELECT MIN(lane_id) FROM audit) AS A',
    );
    const here = (text: string) => text.replace(/\b[LA]\b/g, (name) => String(lane?.[name as 'L' | 'A']));
    const tables = ['fact', 'audit', 'batch', 'anchor', 'anchor_head', 'lane'].filter((table) =>
      new RegExp(`(UPDATE|FROM|INTO) ${table}\\b`).test(tamper),
    );
    for (const table of tables) await admin.query(`CREATE TABLE keep_${table} AS SELECT * FROM ${table}`);
    try {
      for (const sql of here(tamper).split(';')) await admin.query(sql);
      const report = await verify();
      expect(report.ok).toBe(false);
      expect(report.detail).toContain(here(named));
    } finally {
      for (const table of tables) {
        await admin.query(`DELETE FROM ${table}`);
        await admin.query(`INSERT INTO ${table} SELECT * FROM keep_${table}`);
        await admin.query(`DROP TABLE keep_${table}`);
      }
    }
    expect(await verify()).toMatchObject({ ok: true });
  });
});

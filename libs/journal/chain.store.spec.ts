import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { anchorText, latestAnchor, writeAnchor } from './anchors';
import { Audit, AUDIT_SOURCE } from './audit';
import { Books } from './books';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

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
    expect(after && (await anchorText(database.db, after))).toMatch(
      /^anchor\|4\|[0-9a-f]{64}\|[0-9a-f]{64}\|.*\nlane\|/,
    );
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('writers close their lanes when they end', async () => {
    await Promise.all([writer.close(), audit.close()]);
    expect(await database.db.select("SELECT lane_id FROM lane WHERE state = 'open'")).toEqual([]);
  });

  test.each([
    ['an altered fact', 'UPDATE fact SET amount = amount + 1 WHERE seq = 4'],
    ['a moved fact', "UPDATE fact SET book_date = '2026-11-23' WHERE seq = 4"],
    ['a removed fact', 'DELETE FROM fact WHERE seq = 18'],
    ['an altered audit row', "UPDATE audit SET actor = 'nobody' ORDER BY lane_id, batch_no, n LIMIT 1"],
    ['a removed batch', 'DELETE FROM batch WHERE batch_no = 3 ORDER BY lane_id LIMIT 1'],
    ['an altered anchor', "UPDATE anchor SET hash = REPEAT('x', 32) WHERE n = 1"],
    ['an altered anchored head', 'UPDATE anchor_head SET batch_no = batch_no - 1 WHERE anchor_n = 2'],
    ['a removed anchor', 'DELETE FROM anchor WHERE n = 2'],
    ['a lane set back', 'UPDATE lane SET batch_no = batch_no - 1'],
  ])('%s is found', async (_, tamper) => {
    const tables = ['fact', 'audit', 'batch', 'anchor', 'anchor_head', 'lane'];
    for (const table of tables) await admin.query(`CREATE TABLE keep_${table} AS SELECT * FROM ${table}`);
    try {
      await admin.query(tamper);
      expect(await verify()).toMatchObject({ ok: false });
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

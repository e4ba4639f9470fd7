import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { openAnchorKey, type AnchorKey } from './anchor-key';
import { writeAnchor } from './anchors';
import { Books } from './books';
import { anchorHash, batchHash, bodyHash, ZERO_HASH } from './chain';
import { compareWithExported, exportSeal, readSealText, type ExportedAnchor } from './exported-anchor';
import { FACT_COLUMNS, factOfRow, factText, type FactRow } from './fact';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { sealLatest } from './seals';
import { batchesOf } from './verify.store';
import { verifyChains } from './verify';

/** Somebody who may write every row: changes one amount and computes every hash behind it anew. */
async function rewriteHistory(database: TestDatabase, admin: mysql.Connection): Promise<void> {
  await admin.query('UPDATE fact SET amount = amount + 1 WHERE seq = 2');
  const [lane] = await database.db.select<{ lane_id: number }>('SELECT MIN(lane_id) AS lane_id FROM fact');
  const laneId = lane?.lane_id ?? 0;
  let prev: Buffer = ZERO_HASH;
  for (const batch of await batchesOf(database.db, laneId, 1n, 1_000n)) {
    const facts = await database.db.select<FactRow>(
      `SELECT ${FACT_COLUMNS} FROM fact WHERE lane_id = ? AND seq BETWEEN ? AND ?`,
      [laneId, batch.first_seq, batch.first_seq + BigInt(batch.n) - 1n],
    );
    const body = bodyHash(facts.map((row) => factText(factOfRow(row))));
    const [anchor] = await database.db.select<{ hash: Buffer }>('SELECT hash FROM anchor WHERE n = ?', [
      batch.anchor_n,
    ]);
    const { first_seq: firstSeq, n, batch_no: batchNo, anchor_n: anchorN } = batch;
    const link = { prev, laneId, batchNo, firstSeq, n, body, anchorN, anchorHash: anchor?.hash ?? ZERO_HASH };
    const hash = batchHash(link);
    await admin.query('UPDATE batch SET body_hash = ?, prev = ?, hash = ? WHERE lane_id = ? AND batch_no = ?', [
      ...[body, prev, hash, laneId, String(batchNo)],
    ]);
    await admin.query('UPDATE anchor_head SET head = ? WHERE lane_id = ? AND batch_no = ?', [
      ...[hash, laneId, String(batchNo)],
    ]);
    await rewriteAnchors(database, admin);
    prev = hash;
  }
  await admin.query('UPDATE lane SET head = ? WHERE lane_id = ?', [prev, laneId]);
  await admin.query('DELETE FROM anchor_seal');
}

async function rewriteAnchors(database: TestDatabase, admin: mysql.Connection): Promise<void> {
  let prev: Buffer = ZERO_HASH;
  for (const { n } of await database.db.select<{ n: bigint }>('SELECT n FROM anchor ORDER BY n')) {
    const heads = await database.db.select<{ laneId: number; batchNo: bigint; head: Buffer }>(
      'SELECT lane_id AS laneId, batch_no AS batchNo, head FROM anchor_head WHERE anchor_n = ?',
      [n],
    );
    const hash = anchorHash(prev, n, heads);
    await admin.query('UPDATE anchor SET prev = ?, hash = ? WHERE n = ?', [prev, hash, String(n)]);
    prev = hash;
  }
}

describe('an anchor outside the house', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let writer: LaneWriter<KeyItem, KeyAnswer>;
  let key: AnchorKey;
  let exported: ExportedAnchor;

  const newKey = () => openAnchorKey(join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'anchor-key.json'));

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    await new Books(database.db).ensureProvider('p1', '2026-11-22');
    writer = new LaneWriter({ url: database.url, service: 'journal', instance: 'test', body: keyBody() });
    await writer.open();
    key = await newKey();
  });
  afterAll(async () => {
    await writer.close();
    await admin.end();
    await database.close();
  });

  test('none was signed: none is handed out', async () => {
    expect(await exportSeal(database.db)).toBeNull();
  });

  test('what was handed out holds; what came after it is told as open', async () => {
    for (const name of ['a', 'b', 'c']) await writer.submit({ key: name, provider: 'p1' });
    await writeAnchor(database.db);
    await sealLatest(database.db, 'journal', key, ['note|1']);
    const handedOut = await exportSeal(database.db);
    if (!handedOut) throw new Error('nothing was signed');
    exported = handedOut;
    expect(exported).toMatchObject({ service: 'journal', keyId: key.keyId });
    expect(readSealText(exported.text)).toMatchObject({
      anchor: { n: 1n },
      notes: ['note|1'],
      lanes: [{ batchNo: 3n }],
    });
    expect(await compareWithExported(database.db, exported, key.publicKeyPem)).toMatchObject({
      findings: [],
      tail: { anchors: 0n, batches: 0n, lanes: 0 },
    });
    for (const name of ['d', 'e']) await writer.submit({ key: name, provider: 'p1' });
    await writeAnchor(database.db);
    expect(await compareWithExported(database.db, exported, key.publicKeyPem)).toMatchObject({
      findings: [],
      tail: { anchors: 1n, batches: 2n, lanes: 1 },
    });
  });

  test('signed by another key, or changed on its way, it proves nothing', async () => {
    const other = await newKey();
    expect((await compareWithExported(database.db, exported, other.publicKeyPem)).findings).toEqual([
      `the exported anchor is not signed by ${other.keyId}`,
    ]);
    const changed = { ...exported, text: exported.text.replace('note|1', 'note|2') };
    expect((await compareWithExported(database.db, changed)).findings).toHaveLength(1);
    await expect(compareWithExported(database.db, { ...exported, text: 'lane|1' })).rejects.toThrow('no signed anchor');
  });

  test('a seal that the rows no longer say is not handed out', async () => {
    await admin.query("UPDATE anchor_seal SET notes = 'note|9'");
    await expect(exportSeal(database.db)).rejects.toThrow(`anchor 1 is not what ${key.keyId} signed`);
    await admin.query("UPDATE anchor_seal SET notes = 'note|1'");
  });

  test('a history rewritten with every hash computed anew verifies by itself, and not against it', async () => {
    await writer.close();
    await rewriteHistory(database, admin);
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
    const { findings } = await compareWithExported(database.db, exported, key.publicKeyPem);
    expect(findings).toEqual(['anchor 1 is another one', 'lane 1, batch 3: it is not the one that was anchored']);
    await admin.query('DELETE FROM batch WHERE batch_no = 3');
    await admin.query('DELETE FROM anchor WHERE n = 1');
    expect((await compareWithExported(database.db, exported)).findings).toEqual([
      'anchor 1 is not there',
      'lane 1, batch 3: it is not there',
    ]);
  });
});

import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { anchorKeyId, openAnchorKey, publicKeyPath, signedBy, type AnchorKey } from './anchor-key';
import { keepAnchors, sealWhenDue, writeAnchor } from './anchors';
import { headsAt, latestAnchor } from './anchors.store';
import { Books } from './books';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { checkSeal, sealLatest } from './seals';
import { latestSeal } from './seals.store';
import { verifyChains } from './verify';

const DAY = '2026-11-22';

describe('signed anchors', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let writer: LaneWriter<KeyItem, KeyAnswer>;
  let path: string;
  let key: AnchorKey;
  let n = 0;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    await new Books(database.db).ensureProvider('p1', DAY);
    writer = new LaneWriter({ url: database.url, service: 'journal', instance: 'test', body: keyBody() });
    await writer.open();
    path = join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'own', 'anchor-key.json');
    key = await openAnchorKey(path);
  });
  afterAll(async () => {
    await writer.close();
    await admin.end();
    await database.close();
  });
  const move = () => writer.submit({ key: `k${n++}`, provider: 'p1' });
  const seal = () => sealWhenDue(database.db, 'journal', key, () => Promise.resolve(['note|1']));

  test('the key is made once, is its owner’s alone, and is named by its fingerprint', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = await Promise.all([openAnchorKey(path), openAnchorKey(path)]);
    expect(again.map(({ keyId }) => keyId)).toEqual([key.keyId, key.keyId]);
    expect(anchorKeyId(readFileSync(publicKeyPath(path), 'utf8'))).toBe(key.keyId);
    expect(signedBy(key.publicKeyPem, 'text', key.sign('text'))).toBe(true);
    expect(signedBy(key.publicKeyPem, 'other', key.sign('text'))).toBe(false);
    expect(signedBy('no key', 'text', key.sign('text'))).toBe(false);
  });

  test('processes that start at once agree on one key', async () => {
    const fresh = join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'anchor-key.json');
    const keys = await Promise.all([1, 2, 3, 4].map(() => openAnchorKey(fresh)));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1);
  });

  test('a key file that is none stops the start and shows nothing of it', async () => {
    const broken = join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'anchor-key.json');
    writeFileSync(broken, '{"secret":"value"}');
    await expect(openAnchorKey(broken)).rejects.toThrow(/lacks privateKeyPem$/);
    writeFileSync(broken, 'value');
    await expect(openAnchorKey(broken)).rejects.toThrow(/is not JSON$/);
  });

  test('sealed when something has moved and a day has closed, and only then', async () => {
    expect(await seal()).toBeNull();
    await move();
    await writeAnchor(database.db);
    expect(await seal()).toMatchObject({ n: 1n, keyId: key.keyId, notes: ['note|1'] });
    await move();
    await writeAnchor(database.db);
    expect(await seal()).toBeNull();
    expect(await new Books(database.db).cut('p1', DAY)).toMatchObject({ state: 'frozen' });
    const anchor = await latestAnchor(database.db);
    expect(await seal()).toMatchObject({ n: anchor?.n });
    expect(await seal()).toBeNull();
  });

  test('two processes sign an anchor once', async () => {
    await move();
    await writeAnchor(database.db);
    const [a, b] = await Promise.all([1, 2].map(() => sealLatest(database.db, 'journal', key)));
    expect(a?.n).toBe(b?.n);
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
  });

  test('the signature covers every lane as it stood, moved or not', async () => {
    const idle = new LaneWriter({ url: database.url, service: 'journal', instance: 'idle', body: keyBody() });
    await idle.open();
    await idle.submit({ key: 'idle', provider: 'p1' });
    await writeAnchor(database.db);
    await move();
    await writeAnchor(database.db);
    await idle.close();
    const last = await sealLatest(database.db, 'journal', key, ['note|2']);
    const anchor = await latestAnchor(database.db);
    if (!last || !anchor) throw new Error('nothing was sealed');
    const { text, ok } = checkSeal(last, anchor, await headsAt(database.db, anchor.n));
    expect(ok).toBe(true);
    expect(text).toMatch(/^yidian-anchor-1\|journal\nanchor\|\d+\|[0-9a-f]{64}\|[0-9a-f]{64}\|.*Z\nlane\|1\|/);
    expect(text.match(/^lane\|/gm)).toHaveLength(2);
    expect(text).toMatch(/\nnote\|2\n$/);
  });

  test.each([
    ['a note', "UPDATE anchor_seal SET notes = 'note|3' ORDER BY n DESC LIMIT 1"],
    ['a signature', "UPDATE anchor_seal SET signature = REPEAT('x', 64) ORDER BY n DESC LIMIT 1"],
    ['a name', "UPDATE anchor_seal SET service = 'other' ORDER BY n DESC LIMIT 1"],
  ])('%s that was altered is found', async (_, tamper) => {
    await admin.query('CREATE TABLE keep AS SELECT * FROM anchor_seal');
    await admin.query(tamper);
    const last = await latestSeal(database.db);
    const report = await verifyChains(database.db);
    expect(report).toMatchObject({ ok: false, detail: `anchor ${last?.n} is not what ${key.keyId} signed` });
    await admin.query('DELETE FROM anchor_seal');
    await admin.query('INSERT INTO anchor_seal SELECT * FROM keep');
    await admin.query('DROP TABLE keep');
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
  });

  test('the clock writes anchors and signs, whatever a single tick meets', async () => {
    const errors: unknown[] = [];
    const before = (await latestAnchor(database.db))?.n ?? 0n;
    await admin.query('UPDATE anchor_seal SET sealed_at = sealed_at - INTERVAL 2 DAY');
    let tries = 0;
    const notes = () => (tries++ === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(['note|4']));
    const onError = (error: unknown) => errors.push(error);
    const clock = await keepAnchors(database.db, { service: 'journal', keyFile: path, notes, onError, everyMs: 30 });
    await move();
    for (let i = 0; i < 100 && (await latestSeal(database.db))?.notes[0] !== 'note|4'; i++)
      await new Promise((resolve) => setTimeout(resolve, 30));
    clock.stop();
    expect((await latestAnchor(database.db))?.n).toBeGreaterThan(before);
    expect(await latestSeal(database.db)).toMatchObject({ notes: ['note|4'] });
    expect(errors.map(String)).toEqual(['Error: not yet']);
  });

  test('the service itself cannot change a seal', async () => {
    await expect(database.db.run('DELETE FROM anchor_seal')).rejects.toThrow(/denied/);
    await expect(database.db.run('UPDATE anchor_seal SET n = 0')).rejects.toThrow(/denied/);
  });
});

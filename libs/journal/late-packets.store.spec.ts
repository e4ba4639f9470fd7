import { testDatabase, Wire, type TestDatabase } from '@yidian/testing';
import { Books } from './books';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

/**
 * A packet is kept back and handed over late, and what the server says is swallowed. The writer has given the connection up by
 * then: a packet still under way must not do what the oracle declared undone.
 */
describe('packets that arrive late', () => {
  let database: TestDatabase;
  let wire: Wire;
  let writer: LaneWriter<KeyItem, KeyAnswer>;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    await new Books(database.db).ensureProvider('p1', '2026-11-22');
    wire = new Wire(database.url);
    const options = { url: wire.url, service: 'journal', instance: 'test', body: keyBody(undefined, 'last') };
    writer = new LaneWriter({ ...options, answerMs: 400 });
    await writer.open();
  });
  afterAll(async () => {
    await writer.close();
    wire.close();
    await database.close();
  });
  const facts = (key: string) =>
    database.db.select('SELECT lane_id, seq FROM fact WHERE payment_no = ? ORDER BY lane_id', [key]);

  const LATE = 900;
  test.each([
    ['COMMIT, delivered while the oracle waits', '\x03COMMIT', 'deliver', true],
    ['COMMIT, lost while the oracle waits', '\x03COMMIT', 'lose', false],
    ['the writes, delivered when the lane is closed', 'UPDATE lane SET seq', 'deliver', false],
    ['the writes, lost', 'UPDATE lane SET seq', 'lose', false],
    ['the first packet, delivered late', 'START TRANSACTION', 'deliver', false],
  ] as const)('%s: once in the book, and the answer is true', async (name, text, then, stays) => {
    const first = writer.laneId();
    wire.once(text, { holdMs: LATE, then });
    const key = name.slice(0, 20);
    expect(await writer.submit({ key, provider: 'p1' }, 20_000)).toMatchObject({ key, replay: false });
    const found = await facts(key);
    expect(found).toHaveLength(1);
    expect(found[0]?.['lane_id'] === first).toBe(stays);
    await new Promise((resolve) => setTimeout(resolve, LATE));
    expect(await facts(key)).toEqual(found);
    const [lane] = await database.db.select('SELECT state FROM lane WHERE lane_id = ?', [first]);
    expect(lane).toEqual({ state: 'closed' });
    await writer.submit({ key: `next ${key}`, provider: 'p1' });
  });

  test('everything above is chained', async () => {
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
  });
});

import { mkdtempSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { Books } from './books';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

/**
 * A wire between lane and database that keeps back one packet, hands it over late, and swallows what the server says. The
 * writer has given the connection up by then: a packet still under way must not do what the oracle declared undone.
 */
class Wire {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** The next packet that holds this text is kept back for so long, then delivered or lost with its connection. */
  hold: { text: string; ms: number; then: 'deliver' | 'lose' } | undefined;

  constructor(
    private readonly target: string,
    readonly path = join(mkdtempSync(join(tmpdir(), 'yd-w-')), 's'),
  ) {
    this.server = createServer((client) => this.join(client)).listen(path);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(client: Socket): void {
    const server = createConnection(this.target);
    let dead = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    }
    server.on('data', (bytes) => dead || client.write(bytes));
    server.on('close', () => client.destroy());
    client.on('close', () => dead || server.destroy());
    client.on('data', (bytes) => {
      const { hold } = this;
      if (!hold || !bytes.includes(hold.text)) return void server.write(bytes);
      this.hold = undefined;
      dead = true;
      setTimeout(() => (hold.then === 'deliver' ? server.write(bytes) : server.destroy()), hold.ms);
    });
  }
}

describe('packets that arrive late', () => {
  let database: TestDatabase;
  let wire: Wire;
  let writer: LaneWriter<KeyItem, KeyAnswer>;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    await new Books(database.db).ensureProvider('p1', '2026-11-22');
    const target = new URL(database.url).searchParams.get('socketPath');
    if (!target) throw new Error('the test database listens on a unix socket');
    wire = new Wire(target);
    const url = new URL(database.url);
    url.searchParams.set('socketPath', wire.path);
    const options = { url: url.toString(), service: 'journal', instance: 'test', body: keyBody(undefined, 'last') };
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
    wire.hold = { text, ms: LATE, then };
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

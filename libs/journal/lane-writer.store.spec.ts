import { readFacts, testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { connectionOptions, type Db } from '@yidian/database';
import { Books } from './books';
import { assertDurable } from './durable';
import { interceptPackets, journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneConnection } from './lane-connection';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

const P = 'bank_a';
const until = async (holds: () => Promise<boolean> | boolean, ms = 4_000) => {
  for (const end = Date.now() + ms; ; await new Promise((r) => setTimeout(r, 20))) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error('waited in vain');
  }
};

describe('lane writer', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let writers: LaneWriter<KeyItem, KeyAnswer>[];
  let alarms: string[];

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    await new Books(database.db).ensureProvider(P, '2026-11-22');
  });
  beforeEach(() => {
    writers = [];
    alarms = [];
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(writers.map((writer) => writer.close()));
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  async function open(body = keyBody(), extra: { oracleMs?: number } = {}): Promise<LaneWriter<KeyItem, KeyAnswer>> {
    const writer = new LaneWriter({
      url: database.url,
      service: 'journal',
      instance: 'test',
      body,
      alarm: (message) => alarms.push(message),
      ...extra,
    });
    await writer.open();
    writers.push(writer);
    return writer;
  }
  const lane = async (laneId: number | undefined) =>
    (await database.db.select('SELECT * FROM lane WHERE lane_id = ?', [laneId]))[0];
  const factsOf = (key: string) => database.db.select('SELECT lane_id, seq FROM fact WHERE payment_no = ?', [key]);
  const submit = (writer: LaneWriter<KeyItem, KeyAnswer>, ...keys: string[]) =>
    Promise.all(keys.map((key) => writer.submit({ key, provider: P })));

  /** Breaks the next COMMIT of any lane: the server never sees it, or does it and the answer is lost. */
  function breakCommit(when: 'before' | 'after'): void {
    let armed = true;
    interceptPackets(async (send, sent, connection) => {
      if (!armed || sent[0]?.sql !== 'COMMIT') return send();
      armed = false;
      if (when === 'after') await send();
      connection.destroy();
      return send();
    });
  }

  test('the database is durable, or readiness says what is wrong', async () => {
    await assertDurable(database.db);
    const careless = { ...database.db, select: () => Promise.resolve([{ Variable_name: 'sync_binlog', Value: '0' }]) };
    await expect(assertDurable(careless as Db)).rejects.toThrow('log_bin must be ON, sync_binlog must be 1');
  });

  test('a provider that came a moment ago is known to a batch that would have gone on without looking', async () => {
    const { apply } = keyBody(undefined, 'last');
    const writer = await open({ apply });
    await submit(writer, 'before-1');
    await submit(writer, 'before-2');
    await new Books(database.db).ensureProvider('bank_new', '2026-11-23');
    expect(await writer.submit({ key: 'first', provider: 'bank_new' })).toMatchObject({ bookDate: '2026-11-23' });
    await expect(writer.submit({ key: 'never', provider: 'nobody' })).rejects.toThrow(
      'no open book for provider nobody',
    );
    expect(await factsOf('never')).toEqual([]);
  });

  test('numbers are dense, batches chained, and replays add nothing', async () => {
    const writer = await open();
    await submit(writer, 'd1', 'd2', 'd3');
    await submit(writer, 'd4');
    const before = await lane(writer.laneId());
    expect(await submit(writer, 'd4', 'd1')).toEqual([
      { key: 'd4', bookDate: '2026-11-22', replay: true },
      { key: 'd1', bookDate: '2026-11-22', replay: true },
    ]);
    const after = await lane(writer.laneId());
    expect(after).toMatchObject({ seq: 4n, batch_no: 2n, head: before?.['head'], state: 'open' });
    expect(after?.['beat']).toBe((before?.['beat'] as bigint) + 1n);
    const facts = readFacts(await new Books(database.db).pull(writer.laneId() ?? 0, 0n, 100));
    expect(facts.map((fact) => [fact.seq, fact.paymentNo])).toEqual([
      ['1', 'd1'],
      ['2', 'd2'],
      ['3', 'd3'],
      ['4', 'd4'],
    ]);
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
  });

  test('an idle lane acknowledges a new epoch by its beat and dates later facts by the new map', async () => {
    const books = new Books(database.db);
    await books.ensureProvider('bank_beat', '2026-11-22');
    const writer = await open();
    const cut = await books.cut('bank_beat', '2026-11-22');
    expect(cut.state).toBe('frozen');
    expect((await lane(writer.laneId()))?.['day_epoch']).toBe(BigInt(cut.epoch));
    expect(await writer.submit({ key: 'beat1', provider: 'bank_beat' })).toMatchObject({ bookDate: '2026-11-23' });
  });

  test.each(['before', 'after'] as const)(
    'the answer of COMMIT is lost %s it was done: once in the book',
    async (when) => {
      const writer = await open();
      const first = writer.laneId();
      breakCommit(when);
      expect(await submit(writer, `lost-${when}`)).toEqual([
        { key: `lost-${when}`, bookDate: '2026-11-22', replay: false },
      ]);
      expect(await factsOf(`lost-${when}`)).toHaveLength(1);
      expect(await lane(first)).toMatchObject({ state: 'closed', batch_no: when === 'after' ? 1n : 0n });
      await submit(writer, `next-${when}`);
      expect(writer.laneId()).not.toBe(first);
    },
  );

  test('what nobody knows is OutcomeUnknown, and the same key is answered as a replay later', async () => {
    const writer = await open(keyBody(), { oracleMs: 1 });
    breakCommit('after');
    const open_ = LaneConnection.open.bind(LaneConnection);
    const opening = jest.spyOn(LaneConnection, 'open').mockRejectedValue(new Error('no way to the database'));
    await expect(writer.submit({ key: 'unknown1', provider: P })).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    opening.mockImplementation(open_);
    expect(await submit(writer, 'unknown1')).toMatchObject([{ replay: true }]);
  });

  test('a lane that was fenced while stopped runs its batch again on another lane', async () => {
    let go: () => void = () => undefined;
    let held = true;
    const writer = await open(keyBody(async () => (held ? new Promise<void>((resolve) => (go = resolve)) : undefined)));
    const first = writer.laneId();
    const answer = writer.submit({ key: 'fenced1', provider: P });
    await until(() => go.length === 0 && String(go) !== '() => undefined');
    await database.db.run("UPDATE lane SET state = 'closed' WHERE lane_id = ?", [first]);
    held = false;
    go();
    expect(await answer).toMatchObject({ replay: false });
    expect(writer.laneId()).not.toBe(first);
    expect(await factsOf('fenced1')).toEqual([{ lane_id: writer.laneId(), seq: 1n }]);
    expect(await lane(first)).toMatchObject({ seq: 0n, batch_no: 0n });
  });

  test('a killed connection costs a lane, not an answer', async () => {
    const writer = await open();
    const first = writer.laneId();
    const [rows] = await admin.query<mysql.RowDataPacket[]>(
      'SELECT id FROM information_schema.processlist WHERE user = ? AND command = ?',
      [new URL(database.url).username, 'Sleep'],
    );
    for (const row of rows) await admin.query(`KILL ${String(row['id'])}`).catch(() => undefined);
    expect(await submit(writer, 'killed1')).toMatchObject([{ replay: false }]);
    expect(writer.laneId()).not.toBe(first);
    expect(await lane(first)).toMatchObject({ state: 'closed' });
  });

  test('the same keys on two writers at once: each stored once, everybody answered alike', async () => {
    const pair = [await open(), await open()];
    const keys = Array.from({ length: 40 }, (_, i) => `twice-${i}`);
    const answers = await Promise.all(
      pair.map((writer, i) =>
        Promise.all((i ? [...keys].reverse() : keys).map((key) => writer.submit({ key, provider: P }))),
      ),
    );
    expect(answers.flat().filter((answer) => !answer.replay)).toHaveLength(40);
    const [row] = await database.db.select("SELECT COUNT(*) AS n FROM fact WHERE payment_no LIKE 'twice-%'");
    expect(row).toEqual({ n: 40n });
    expect(alarms).toEqual([]);
  });

  test('a duplicate that is no key ends after one more lane, loudly', async () => {
    const writer = await open({
      apply: async (tx, items) => {
        await tx.run("INSERT INTO done (k, book_date) VALUES ('always', '2026-11-22')").catch(() => undefined);
        await tx.run("INSERT INTO done (k, book_date) VALUES ('always', '2026-11-22')");
        return items.map(({ key }) => ({ key, bookDate: '', replay: false }));
      },
    });
    await expect(writer.submit({ key: 'x', provider: P })).rejects.toThrow('duplicate row that is no key');
    expect(alarms).toEqual(['a duplicate row that is no key', 'a duplicate row that is no key']);
  });

  test('poison is refused alone, its neighbours commit', async () => {
    const writer = await open();
    const keys = ['p1', 'p2', 'x'.repeat(41), 'p3'];
    const ends = await Promise.allSettled(keys.map((key) => writer.submit({ key, provider: P })));
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect((ends[2] as PromiseRejectedResult).reason).toMatchObject({ name: 'Poison' });
    await expect(writer.submit({ key: 'p4', provider: 'nobody' })).rejects.toThrow('no open book for provider nobody');
  });

  test('a body that goes on after its batch failed cannot reach the connection', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const writer = await open({
      apply: (tx) => {
        late = new Promise((resolve) => setTimeout(resolve, 30)).then(() =>
          tx.run("INSERT INTO done (k, book_date) VALUES ('straggler', '2026-11-22')"),
        );
        late.catch(() => undefined);
        throw new Error('failed early');
      },
    });
    await expect(writer.submit({ key: 'x', provider: P })).rejects.toThrow('failed early');
    await expect(late).rejects.toThrow('the batch is over');
    expect(await database.db.select("SELECT k FROM done WHERE k = 'straggler'")).toEqual([]);
  });

  test('a server that takes no writes closes the door until a beat gets through', async () => {
    const writer = await open();
    const refusing = interceptPackets((send, sent) =>
      /^(INSERT|UPDATE)/.test(sent[0]?.sql ?? '')
        ? Promise.reject(Object.assign(new Error('the server is read-only'), { errno: 1290 }))
        : send(),
    );
    await expect(writer.submit({ key: 'ro1', provider: P })).rejects.toMatchObject({ name: 'Closed' });
    expect(writer.ready()).toBe(false);
    refusing.mockRestore();
    await until(() => writer.ready());
    expect(await submit(writer, 'ro1')).toMatchObject([{ replay: false }]);
    expect(alarms).toEqual(['the database takes no writes']);
  });

  test('the service cannot change or delete what is append-only', async () => {
    for (const table of ['fact', 'batch', 'anchor', 'anchor_head', 'audit', 'book_cut_lane'])
      await expect(database.db.run(`DELETE FROM ${table}`)).rejects.toThrow(/denied/);
    await expect(database.db.run('UPDATE fact SET amount = 1')).rejects.toThrow(/denied/);
    await expect(database.db.run('UPDATE batch SET n = 1')).rejects.toThrow(/denied/);
  });
});

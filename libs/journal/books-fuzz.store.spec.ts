import { readFacts, testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { Books } from './books';
import { nextDate } from './cut';
import { journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneConnection } from './lane-connection';
import { LaneWriter } from './lane-writer';
import { verifyChains } from './verify';

/**
 * Writers that pause between reading, writing and committing, connections that are killed, lanes that stand still and are
 * fenced, two closers at once, a puller through it all. Whatever happens: the pages of all books together are every
 * acknowledged key once, on the date its writer was told, and a frozen book never changes.
 */
const RUN_MS = 5_000;
const P = 'bank_a';
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomOf(SEED);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe(`books under fire (seed ${SEED})`, () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  const connections: LaneConnection[] = [];
  const told = new Map<string, string>();
  const frozen = new Map<string, { vector: string; totals: string }>();
  const pulled = new Map<number, { seq: bigint; keys: string[] }>();
  let running = true;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    await new Books(database.db).ensureProvider(P, '2026-11-22');
    const open = LaneConnection.open.bind(LaneConnection);
    jest.spyOn(LaneConnection, 'open').mockImplementation(async (options, causal) => {
      const connection = await open(options, causal);
      connections.push(connection);
      return connection;
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await admin.end();
    await database.close();
  });

  async function pause(): Promise<void> {
    const die = random();
    if (die < 0.02) await sleep(500);
    else if (die < 0.5) await sleep(random() * 12);
  }

  /** Sends a key until it is answered, sometimes twice at once through two writers. */
  async function send(writers: readonly LaneWriter<KeyItem, KeyAnswer>[], key: string): Promise<void> {
    for (;;) {
      const writer = writers[Math.floor(random() * writers.length)] as LaneWriter<KeyItem, KeyAnswer>;
      try {
        const { bookDate } = await writer.submit({ key, provider: P }, 3_000);
        if ((told.get(key) ?? bookDate) !== bookDate) throw new Error(`${key} was told two dates`);
        told.set(key, bookDate);
        return;
      } catch (error) {
        if (!/^(Busy|Closed|Expired|OutcomeUnknown)$/.test((error as Error).name)) throw error;
        await sleep(20);
      }
    }
  }

  async function caller(writers: readonly LaneWriter<KeyItem, KeyAnswer>[], name: number): Promise<void> {
    for (let i = 0; running; i++) {
      const key = `${name}-${i}`;
      await Promise.all(random() < 0.1 ? [send(writers, key), send(writers, key)] : [send(writers, key)]);
      await sleep(random() * 4);
    }
  }

  /** @returns the date after, once this one is frozen; the same date as long as it is not */
  async function cut(books: Books, date: string): Promise<string> {
    const reply = await books.cut(P, date).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'state_conflict') return undefined;
      throw error;
    });
    if (reply?.state !== 'frozen') return date;
    const seen = { vector: JSON.stringify(reply.vector), totals: JSON.stringify(await books.totals(P, date)) };
    expect(frozen.get(date) ?? seen).toEqual(seen);
    frozen.set(date, seen);
    return nextDate(date);
  }

  async function closer(books: Books): Promise<void> {
    for (let date = '2026-11-22'; running; await sleep(random() * 250)) date = await cut(books, date);
  }

  async function killer(): Promise<void> {
    while (running) {
      await sleep(60 + random() * 120);
      const victim = connections[Math.floor(connections.length * (1 - random() ** 3))];
      const { threadId } = (victim as unknown as { connection: { threadId: number } } | undefined)?.connection ?? {};
      if (threadId !== undefined) await admin.query('KILL ?', [threadId]).catch(() => undefined);
    }
  }

  /** A reader that follows every lane must never meet a gap. */
  async function pull(books: Books): Promise<void> {
    for (const { laneId } of (await books.lanes()).lanes) {
      const cursor = pulled.get(laneId) ?? { seq: 0n, keys: [] };
      pulled.set(laneId, cursor);
      const facts = readFacts(await books.pull(laneId, cursor.seq, 50));
      for (const fact of facts) cursor.keys.push(fact.paymentNo);
      cursor.seq += BigInt(facts.length);
      if (facts.length === 50) await pull(books);
    }
  }

  async function puller(books: Books): Promise<void> {
    for (; running; await sleep(random() * 40)) await pull(books);
  }

  async function pagesOf(date: string): Promise<{ payment_no: string; book_date: string }[]> {
    const rows: { payment_no: string; book_date: string }[] = [];
    for (const { laneId, seq } of JSON.parse(frozen.get(date)?.vector ?? '[]') as { laneId: number; seq: string }[])
      rows.push(
        ...(await database.db.select<{ payment_no: string; book_date: string }>(
          'SELECT payment_no, book_date FROM fact WHERE lane_id = ? AND seq <= ? AND provider = ? AND book_date = ?',
          [laneId, seq, P, date],
        )),
      );
    return rows;
  }

  test('the union of all books is every acknowledged key, once', async () => {
    const alarms: string[] = [];
    const options = { url: database.url, service: 'journal', body: keyBody(pause), oracleMs: 5_000 };
    const alarm = (message: string) => alarms.push(message);
    const writers = [0, 1, 2].map(
      (n) => new LaneWriter({ ...options, instance: `w${n}`, alarm, limits: { items: 16 } }),
    );
    for (const writer of writers) await writer.open();
    const books = [0, 1].map(() => new Books(database.db, { waitMs: 200, standStillMs: 250 }));
    const [first, second] = books as [Books, Books];
    const work = [
      ...Array.from({ length: 24 }, (_, name) => caller(writers, name)),
      closer(first),
      closer(second),
      killer(),
      puller(new Books(database.db)),
    ];
    await sleep(RUN_MS);
    running = false;
    await Promise.all(work);
    // What the last callers were told belongs to dates that are still open, or still cutting: close them as well.
    for (const { openDate } = await first.openDate(P); !frozen.has(openDate);)
      for (let date = '2026-11-22'; date <= openDate;) date = await cut(first, date);
    await pull(first);
    await Promise.all(writers.map((writer) => writer.close()));

    const dates = [...frozen.keys()].sort();
    const perDate = await Promise.all(dates.map(pagesOf));
    const pages = perDate.flat();
    const keys = pages.map((page) => page.payment_no);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.fromEntries(pages.map((page) => [page.payment_no, page.book_date]))).toEqual(
      Object.fromEntries(told),
    );
    expect([...pulled.values()].flatMap((lane) => lane.keys).sort()).toEqual([...keys].sort());
    for (const [place, date] of dates.entries()) {
      const { totals } = await first.totals(P, date);
      expect(JSON.stringify({ totals })).toBe(frozen.get(date)?.totals);
      expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(perDate[place]?.length);
    }
    expect(await verifyChains(database.db)).toMatchObject({ ok: true });
    expect(alarms).toEqual([]);
    expect(dates.length).toBeGreaterThan(3);
    expect(keys.length).toBeGreaterThan(200);
    const [lanes] = await database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM lane');
    process.stdout.write(
      `${keys.length} keys, ${dates.length} books, ${lanes?.n} lanes, ${connections.length} connections\n`,
    );
  });
});

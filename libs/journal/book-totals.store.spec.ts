import { testDatabase, type TestDatabase } from '@yidian/testing';
import { Books } from './books';
import { floorsOf, vectorAt } from './books.store';
import { interceptPackets, journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';

const [D1, D2, D3] = ['2026-11-22', '2026-11-23', '2026-11-24'] as const;

describe('the sums of a book', () => {
  let database: TestDatabase;
  let books: Books;
  let writer: LaneWriter<KeyItem, KeyAnswer>;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    books = new Books(database.db, { waitMs: 200, standStillMs: 5_000 });
    writer = await open();
    await books.ensureProvider('old', D1);
    for (let n = 0; n < 5; n++) await writer.submit({ key: `old-${n}`, provider: 'old' });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await writer.close();
    await database.close();
  });

  async function open(): Promise<LaneWriter<KeyItem, KeyAnswer>> {
    const lane = new LaneWriter({
      ...{ url: database.url, service: 'journal', instance: 'test', alarm: () => undefined },
      body: keyBody(),
    });
    await lane.open();
    return lane;
  }

  const count = async (provider: string, date: string) => (await books.totals(provider, date)).totals[0]?.count ?? 0;

  /** By the definition of a book, with no floor: what carries its date and lies within its vector. */
  async function byDefinition(provider: string, date: string): Promise<number> {
    let n = 0;
    for (const { laneId, seq } of await vectorAt(database.db, provider, date)) {
      const [row] = await database.db.select<{ n: bigint }>(
        'SELECT COUNT(*) AS n FROM fact WHERE lane_id = ? AND seq <= ? AND provider = ? AND book_date = ?',
        [laneId, seq, provider, date],
      );
      n += Number(row?.n);
    }
    return n;
  }

  async function cut(provider: string, date: string): Promise<void> {
    while ((await books.cut(provider, date)).state !== 'frozen');
  }

  test('a new provider begins where the lanes stand', async () => {
    await books.ensureProvider('new', D1);
    const laneId = writer.laneId() ?? 0;
    expect((await floorsOf(database.db, 'new', D1)).get(laneId)).toBe(5n);
    await writer.submit({ key: 'new-1', provider: 'new' });
    expect(await count('new', D1)).toBe(1);
  });

  test('a fact of the next date below the vector of the date before is in the next book', async () => {
    await books.ensureProvider('p', D1);
    const slow = await open();
    await slow.submit({ key: 'p-1', provider: 'p' });
    let held = true;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const slowLane = slow.laneId();
    interceptPackets(async (send, sent) => {
      // The slow lane says nothing, so the cut stays open while the other lane already writes on the next date.
      const acknowledges = sent.some(({ sql, params }) => sql.startsWith('UPDATE lane') && params?.includes(slowLane));
      if (held && acknowledges) await gate;
      return send();
    });
    expect((await books.cut('p', D1)).state).toBe('cutting');
    const early = await writer.submit({ key: 'p-2', provider: 'p' });
    expect(early.bookDate).toBe(D2);
    held = false;
    go();
    await cut('p', D1);
    const vector = await vectorAt(database.db, 'p', D1);
    const [fact] = await database.db.select<{ seq: bigint }>("SELECT seq FROM fact WHERE payment_no = 'p-2'");
    expect(vector.find(({ laneId }) => laneId === writer.laneId())?.seq).toBeGreaterThanOrEqual(fact?.seq ?? 0n);
    await cut('p', D2);
    expect([await count('p', D1), await count('p', D2)]).toEqual([1, 1]);
    await slow.close();
  });

  test('dates that were opened before floors were kept are summed from what was frozen two days before', async () => {
    const { db } = database;
    const beforeThere = {
      ...db,
      transaction: <T>(work: (tx: typeof db) => Promise<T>) => db.transaction((tx) => work(noFloors(tx as typeof db))),
    };
    const older = new Books(beforeThere);
    await older.ensureProvider('q', D1);
    for (const date of [D1, D2, D3]) {
      await writer.submit({ key: `q-${date}`, provider: 'q' });
      while ((await older.cut('q', date)).state !== 'frozen');
    }
    expect(await db.select("SELECT * FROM book_open_lane WHERE provider = 'q'")).toEqual([]);
    for (const date of [D1, D2, D3]) expect([await count('q', date), await byDefinition('q', date)]).toEqual([1, 1]);
    const laneId = writer.laneId() ?? 0;
    const first = (await vectorAt(db, 'q', D1)).find((entry) => entry.laneId === laneId);
    expect((await floorsOf(db, 'q', D3)).get(laneId)).toBe(first?.seq);
  });

  const noFloors = (tx: TestDatabase['db']): TestDatabase['db'] => ({
    ...tx,
    run: (sql, params) => (sql.startsWith('INSERT INTO book_open_lane') ? Promise.resolve(0) : tx.run(sql, params)),
  });
});

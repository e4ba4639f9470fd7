import { readFacts, testDatabase, type TestDatabase } from '@yidian/testing';
import { Books } from './books';
import { bumpEpoch, moveDay } from './books.store';
import { nextDate } from './cut';
import { interceptPackets, journalPlan, keyBody, type KeyAnswer, type KeyItem } from './journal-fixture';
import { LaneWriter } from './lane-writer';

const D1 = '2026-11-22';
const D2 = '2026-11-23';
const D3 = '2026-11-24';

describe('books', () => {
  let database: TestDatabase;
  let books: Books;
  let writer: LaneWriter<KeyItem, KeyAnswer>;

  beforeAll(async () => {
    database = await testDatabase(journalPlan);
    books = new Books(database.db);
    writer = await open();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await writer.close();
    await database.close();
  });

  async function open(body = keyBody()): Promise<LaneWriter<KeyItem, KeyAnswer>> {
    const lane = new LaneWriter({
      url: database.url,
      service: 'journal',
      instance: 'test',
      body,
      alarm: () => undefined,
    });
    await lane.open();
    return lane;
  }

  test('a provider has one open date, made once', async () => {
    await Promise.all([books.ensureProvider('p1', D1), books.ensureProvider('p1', D2), books.ensureProvider('p1', D1)]);
    const { openDate } = await books.openDate('p1');
    expect([D1, D2]).toContain(openDate);
    await books.ensureProvider('p1', D3);
    expect(await books.openDate('p1')).toEqual({ provider: 'p1', openDate });
    await expect(books.openDate('nobody')).rejects.toMatchObject({ code: 'provider_unknown' });
  });

  test('days are closed in their order, once, whoever asks and however often', async () => {
    await books.ensureProvider('p2', D1);
    await expect(books.cut('p2', D2)).rejects.toMatchObject({ code: 'state_conflict' });
    expect(await books.vector('p2', D1)).toBeNull();
    await writer.submit({ key: 'p2-a', provider: 'p2' });
    const closers = [books, new Books(database.db), new Books(database.db)];
    const replies = await Promise.all(closers.map((closer) => closer.cut('p2', D1)));
    for (const reply of replies) expect(reply).toEqual(replies[0]);
    expect(replies[0]).toMatchObject({ state: 'frozen' });
    expect(await books.cut('p2', D1)).toEqual(replies[0]);
    expect(await books.vector('p2', D1)).toEqual(replies[0]);
    expect((await books.openDate('p2')).openDate).toBe(D2);
  });

  test('what comes after the cut is of the next date, and the frozen book does not change', async () => {
    await books.ensureProvider('p3', D1);
    await writer.submit({ key: 'p3-a', provider: 'p3' });
    expect((await books.totals('p3', D1)).totals).toEqual([{ kind: 'paid', count: 1, amount: '100' }]);
    await books.cut('p3', D1);
    expect(await writer.submit({ key: 'p3-b', provider: 'p3' })).toMatchObject({ bookDate: D2 });
    expect((await books.totals('p3', D1)).totals).toEqual([{ kind: 'paid', count: 1, amount: '100' }]);
    expect((await books.totals('p3', D2)).totals).toEqual([{ kind: 'paid', count: 1, amount: '100' }]);
  });

  test('a lane that did not move since the last cut keeps its earlier entry', async () => {
    await books.ensureProvider('p4', D1);
    const quiet = await open();
    await quiet.submit({ key: 'p4-a', provider: 'p4' });
    const laneId = quiet.laneId() ?? 0;
    await quiet.close();
    for (const date of [D1, D2, D3]) expect((await books.cut('p4', date)).vector).toContainEqual({ laneId, seq: '1' });
    const rows = await database.db.select('SELECT book_date FROM book_cut_lane WHERE provider = ? AND lane_id = ?', [
      'p4',
      laneId,
    ]);
    expect(rows).toEqual([{ book_date: D1 }]);
  });

  test('the cut never goes around a lane: it waits while it moves and closes it when it stands still', async () => {
    await books.ensureProvider('p5', D1);
    let go: () => void = () => undefined;
    let stopped = false;
    const slow = await open(
      keyBody(() =>
        stopped || !(stopped = true) ? Promise.resolve() : new Promise<void>((resolve) => (go = resolve)),
      ),
    );
    const answer = slow.submit({ key: 'p5-a', provider: 'p5' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const laneId = slow.laneId();
    const patient = new Books(database.db, { waitMs: 300 });
    expect(await patient.cut('p5', D1)).toMatchObject({ state: 'cutting', vector: [] });
    await expect(patient.cut('p5', D2)).rejects.toMatchObject({ code: 'state_conflict' });
    const strict = new Books(database.db, { waitMs: 3_000, standStillMs: 200 });
    expect((await strict.cut('p5', D1)).state).toBe('frozen');
    const [lane] = await database.db.select('SELECT state, seq FROM lane WHERE lane_id = ?', [laneId]);
    expect(lane).toEqual({ state: 'closed', seq: 0n });
    go();
    expect(await answer).toMatchObject({ bookDate: D2 });
    expect((await books.totals('p5', D1)).totals).toEqual([]);
    await slow.close();
  });

  test('epoch and map are never torn: whatever is cut between two packets, fact and lane agree', async () => {
    await books.ensureProvider('p6', D1);
    await writer.submit({ key: 'p6-warm', provider: 'p6' });
    const dateAt = new Map<bigint, string>();
    const advance = (): Promise<void> =>
      database.db.transaction(async (tx) => {
        const epoch = await bumpEpoch(tx);
        const [day] = await tx.select<{ open_date: string }>("SELECT open_date FROM book_day WHERE provider = 'p6'");
        const next = nextDate(day?.open_date ?? '');
        await moveDay(tx, 'p6', day?.open_date ?? '', next);
        dateAt.set(epoch, next);
      });
    interceptPackets(async (send, sent) => {
      const readsDays = sent.some(({ sql }) => /^SELECT[^]*(day_epoch|book_day)/.test(sql));
      if (readsDays) await advance();
      const answers = await send();
      if (readsDays) await advance();
      return answers;
    });
    for (let i = 0; i < 10; i++) {
      const { bookDate } = await writer.submit({ key: `p6-${i}`, provider: 'p6' });
      const [lane] = await database.db.select('SELECT day_epoch FROM lane WHERE lane_id = ?', [writer.laneId()]);
      expect(bookDate).toBe(dateAt.get(lane?.['day_epoch'] as bigint));
    }
  });

  test('a gap in a lane is an alarm, not a skip', async () => {
    await books.ensureProvider('p7', D1);
    for (const key of ['p7-a', 'p7-b', 'p7-c']) await writer.submit({ key, provider: 'p7' });
    const laneId = writer.laneId() ?? 0;
    const { lanes } = await books.lanes();
    const seq = BigInt(lanes.find((lane) => lane.laneId === laneId)?.seq ?? 0);
    const page = await books.pull(laneId, seq - 2n, 10);
    expect(page).toMatchObject({ fromSeq: String(seq - 1n), toSeq: String(seq), n: 2 });
    expect(readFacts(page).map((fact) => fact.paymentNo)).toEqual(['p7-b', 'p7-c']);
    expect(readFacts(await books.pull(laneId, 0n, 2)).map((fact) => fact.seq)).toEqual(['1', '2']);
    const [fromSeq, toSeq] = [String(seq + 1n), String(seq)];
    expect(await books.pull(laneId, seq, 10)).toEqual({ fromSeq, toSeq, n: 0, text: '' });
    const holed = {
      ...database.db,
      select: async (sql: string, params?: readonly unknown[]) =>
        (await database.db.select(sql, params)).filter(
          (row) => !String(row['line']).startsWith(`${laneId}\t${seq - 1n}\t`),
        ),
    };
    await expect(new Books(holed as typeof database.db).pull(laneId, 0n, 100)).rejects.toMatchObject({
      name: 'GapInLane',
    });
  });
});

import { testDatabase, type TestDatabase } from '@yidian/testing';
import { createLogger } from '@yidian/telemetry';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { Peers } from '../peers';
import { schema } from '../schema';
import { bookAnswers, FakeBook } from '../testing/fake-book';
import { TcpPeer } from '../testing/tcp-peer';
import { BooksStore } from './books.store';
import { LaneGap, PullLane } from './pull-lane';
import { PullBooks } from './pull-books';

const DATE = '2026-11-22';

describe('pulling the books', () => {
  let database: TestDatabase;
  let store: BooksStore;
  let peers: Peers;
  let pull: PullBooks;
  let book: FakeBook;
  let gateway: TcpPeer<'gateway'>;
  let billing: TcpPeer<'billing'>;

  beforeEach(async () => {
    database = await testDatabase(schema);
    book = new FakeBook(DATE);
    gateway = new TcpPeer<'gateway'>(bookAnswers(book));
    billing = new TcpPeer<'billing'>(bookAnswers(new FakeBook(DATE)));
    peers = new Peers({
      gateway: await gateway.listen(),
      billing: await billing.listen(),
      settlement: { host: '', port: 1 },
    });
    store = new BooksStore(database.db);
    const alarm = new RaiseAlarm(new AlarmsStore(database.db), createLogger({ service: 'test', level: 'silent' }));
    pull = new PullBooks(store, peers, new PullLane(store, peers, alarm));
  });
  afterEach(async () => {
    peers.onApplicationShutdown();
    await Promise.all([gateway.close(), billing.close(), database.close()]);
  });

  test('pulls each fact once, however many pull at once', async () => {
    for (let n = 0; n < 25; n++) book.add('paid', `2611220000000000000${n % 10}`, 100n);
    await Promise.all([pull.execute(), pull.execute(), pull.execute()]);
    expect(await store.sums('bank_a', DATE, 'gateway')).toEqual([{ kind: 'paid', count: 25, amount: '2500' }]);
    expect([...(await store.cursors('gateway')).values()].sort()).toEqual([12n, 13n]);
  });

  test('a gap is an alarm, told once; it stops its lane and no other, and nothing is skipped', async () => {
    for (let n = 0; n < 20; n++) book.add('paid', `26112200000000000000`, 100n);
    book.facts.splice(
      book.facts.findIndex((fact) => fact.laneId === 1 && fact.seq === '4'),
      1,
    );
    await expect(pull.execute()).rejects.toThrow(LaneGap);
    const alarms = await database.db.select<{ kind: string; detail: string }>('SELECT kind, detail FROM alarm');
    expect(alarms).toEqual([{ kind: 'lane_gap', detail: expect.stringContaining('lane 1: after 0 came 5') as string }]);
    expect((await store.cursors('gateway')).get(1)).toBeUndefined();
    expect((await store.factsOfBook('bank_a', DATE)).map((fact) => fact.laneId)).toEqual(Array(10).fill(2));
    await expect(pull.execute()).rejects.toThrow(LaneGap);
    expect(await database.db.select('SELECT id FROM alarm')).toHaveLength(1);
  });

  test('a page is not written when the cursor has moved', async () => {
    book.add('paid', '26112200000000000000', 100n);
    await pull.execute();
    const [fact] = await store.factsOfBook('bank_a', DATE);
    if (!fact) throw new Error('nothing was pulled');
    expect(await store.appendPage('gateway', fact.laneId, 0n, [{ ...fact, seq: 1n }])).toBe(false);
  });

  test('a fact, once pulled, cannot be changed by this service', async () => {
    await expect(database.db.run('UPDATE book_fact SET amount = 1')).rejects.toThrow(/denied/);
  });
});

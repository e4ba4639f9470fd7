import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@yidian/telemetry';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { reconciliationConfig } from '../reconciliation.config';
import { BooksStage } from '../testing/books-stage';
import type { FrozenBook, Totals } from './books.store';
import { HashKeyStore } from './hash-key.store';
import { MatchScratch } from './match-scratch';
import { ReadSegment } from './read-segment';
import { SealBooks } from './seal-books';

const BANK = 'bank_a';
const DATE = '2026-11-22';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

describe('sealing a book', () => {
  let stage: BooksStage;
  let seal: SealBooks;
  beforeEach(async () => {
    stage = await BooksStage.open(DATE);
    const { db, url } = stage.database;
    const config = reconciliationConfig.parse({
      ...{ MODE: 'test', DATABASE_URL: url, REDIS_URL: 'x', RPC_PORT: '0', HTTP_PORT: '0' },
      ...{ DATA_DIR: stage.folder, OUT_DIR: stage.folder, FETCH_RETRY_MS: '100' },
      ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', SETTLEMENT_RPC: 'h:1' },
    });
    const alarm = new RaiseAlarm(new AlarmsStore(db), createLogger({ service: 'test', level: 'silent' }));
    const read = new ReadSegment(stage.peers, alarm, stage.archive);
    seal = new SealBooks(stage.books, stage.segments, read, new MatchScratch(config), new HashKeyStore(db));
    for (let n = 0; n < 12; n++)
      stage.book.add('paid', no(n), BigInt(100 + n), {
        ...{ refNo: `${no(n)}01`, providerTxnId: `T${n}`, partner: n % 3 === 0 ? 'a\tb\\' : 'shop' },
        ...{ businessDate: n % 2 ? '2026-11-21' : null },
      });
    stage.book.add('paid', no(99), 1n, { provider: 'bank_b' });
    await stage.puller().pull.execute();
    await stage.puller().load.upTo('gateway', stage.book.vector());
  });
  afterEach(() => stage.close());

  const book = (totals: Totals): FrozenBook & { totals: Totals } => ({
    ...{ service: 'gateway', vector: stage.book.vector(), vectorHash: 'v', horizon: stage.book.vector(), totals },
  });
  const whole = () => stage.book.totals(BANK, DATE).totals;
  const records = () => readFileSync(join(stage.folder, 'match', BANK, DATE, 'gateway.book'));

  test('of facts that were pulled as rows, before there were segments: the same records to the byte', async () => {
    const sealed = await seal.execute(BANK, DATE, book(whole()));
    expect(sealed?.manifest.sums).toEqual({ paid: { count: 12, amount: '1266' } });
    const bytes = records();
    rmSync(join(stage.folder, 'match'), { recursive: true });
    const covering = stage.segments.covering.bind(stage.segments);
    jest
      .spyOn(stage.segments, 'covering')
      .mockImplementation((service, laneId, ...range) =>
        laneId === 1 ? Promise.resolve([]) : covering(service, laneId, ...range),
      );
    const again = await seal.execute(BANK, DATE, book(whole()));
    expect(again?.manifest).toMatchObject({ sums: sealed?.manifest.sums, names: sealed?.manifest.names });
    expect(records()).toEqual(bytes);
  });

  test('of neither what the source says: there is no book', async () => {
    const [paid] = whole();
    expect(await seal.execute(BANK, DATE, book([{ kind: 'paid', count: 13, amount: paid?.amount ?? '' }]))).toBeNull();
  });
});

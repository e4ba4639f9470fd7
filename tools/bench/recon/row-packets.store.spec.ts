import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factText, testDatabase, type FactRecord, type TestDatabase } from '@yidian/testing';
import { schema } from '../../../apps/reconciliation/src/schema';
import { BookUnderWay } from '../../../apps/reconciliation/src/testing/book-under-way';
import { QueryFailed, RowPackets } from './row-packets';
import { rawQuery } from './raw-query';
import { ReconTables } from './tables.store';

const BOOK = { service: 'gateway', provider: 'bank_a', date: '2026-11-28', horizon: { 7: 12 } } as const;

const PLAIN: FactRecord = {
  laneId: 7,
  seq: '1',
  provider: 'bank_a',
  bookDate: '2026-11-28',
  businessDate: '2026-11-27',
  kind: 'paid',
  paymentNo: '26112800000000000001',
  refNo: '2611280000000000000101',
  providerTxnId: 'T1',
  amount: '5000',
  currency: 'CNY',
  branch: '420000',
  acquiringBranch: '440000',
  channel: 'partner_api',
  partner: 'demo_shop',
  occurredAt: '2026-11-28T03:04:05.678Z',
};

/** Whatever a book can meet: texts of others, what no record holds, other providers and dates, values beyond one byte of length. */
const UNLIKE: Partial<FactRecord>[] = [
  ...['', ' ', '\t', '\n', '\\', 'a\tb\nc\\d\\\\te', '\0', `'";--`, '银联😀', '银'.repeat(64), 'x'.repeat(64)].map(
    (providerTxnId) => ({ providerTxnId }),
  ),
  { bookDate: '2026-11-29' },
  { bookDate: '2026-11-29' },
  { bookDate: '2026-11-27' },
  { provider: 'bank_b' },
  { paymentNo: 'ORDER-1' },
  { amount: '99999999999999' },
  { amount: '-5' },
  { currency: 'USD' },
  { branch: '', acquiringBranch: '44' },
  { channel: 'portal', partner: '' },
  { kind: 'refund_failed', businessDate: null },
];
const FACTS = UNLIKE.map((fact, n) => ({ ...PLAIN, seq: String(n + 1), ...fact }));

describe('rows as packets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yd-rows-'));
  let database: TestDatabase;
  let tables: ReconTables;
  beforeAll(async () => {
    database = await testDatabase(schema);
    tables = await ReconTables.open(database.adminUrl, 'bench_recon_rows');
    await tables.create();
    await tables.loadFacts('gateway', one(Buffer.from(factText(FACTS))));
  });
  afterAll(async () => {
    await tables.drop();
    await tables.close();
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const open = () => new BookUnderWay(join(folder, 'spill'), BOOK);

  test.each([1, 7, 64, 100_000])('make the book that lines make, %i bytes at a time', async (bytes) => {
    const lines = open();
    lines.readLines(FACTS);
    const rows = open();
    const packets = new RowPackets(rows.sip, rows.records, rows.spill);
    const { url, sql } = tables.source('gateway');
    await rawQuery(url, sql, (piece) => {
      let ended = false;
      for (let at = 0; at < piece.length; at += bytes) ended = packets.read(piece.subarray(at, at + bytes));
      return ended;
    });
    const [result, words] = rows.end();
    expect([result, words]).toEqual(lines.end());
    expect([result.facts, result.strange]).toEqual([FACTS.length - 3, ['ORDER-1']]);
    expect(result.sums['paid']).toEqual({ count: FACTS.length - 5, amount: '100000000074994' });
    expect(words).toHaveLength((FACTS.length - 4) * 16);
  });

  test('a table without rows is an empty book', async () => {
    const rows = open();
    const packets = new RowPackets(rows.sip, rows.records, rows.spill);
    const { url, sql } = tables.source('billing');
    await rawQuery(url, sql, (piece) => packets.read(piece));
    expect(rows.end()[0]).toMatchObject({ facts: 0, sums: {} });
  });

  test('a refused query fails with the words of the server, one of other columns with ours', async () => {
    const ask = (sql: string) => {
      const { sip, records, spill } = open();
      const packets = new RowPackets(sip, records, spill);
      return rawQuery(database.adminUrl, sql, (piece) => packets.read(piece)).finally(() => spill.close());
    };
    await expect(ask('SELECT nothing FROM nowhere.at_all')).rejects.toThrow(QueryFailed);
    await expect(ask(`SELECT ${'NULL, '.repeat(13)} NULL`)).rejects.toThrow('column 0 of a fact is null or too long');
    await expect(ask(`SELECT ${'1, '.repeat(14)} 1`)).rejects.toThrow('a row of other columns than were asked for');
  });

  test('an answer that breaks off is no answer', async () => {
    const { url, sql } = tables.source('gateway');
    await expect(
      rawQuery(url, sql, () => {
        throw new Error('broken off by its taker');
      }),
    ).rejects.toThrow('broken off by its taker');
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    await expect(rawQuery(`mysql://root@127.0.0.1:${port}/`, sql, () => true)).rejects.toThrow();
    silent.close();
  });
});

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

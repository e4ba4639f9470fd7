import { connectionOptions } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import mysql from 'mysql2/promise';
import { schema } from '../schema';
import { CountReceivables } from './count-receivables';
import { openPlain } from './plain-credits.store';
import { effectsOf, gathered, type ReceivableTransfer } from './receivable-effects';
import { ReceivablesStore } from './receivables.store';

const at = new Date('2026-11-29T01:02:03.456Z');
const [HUBEI, HUNAN] = ['branch/420000/receivable', 'branch/430000/receivable'];
const no = (n: number): string => `261129${String(n).padStart(14, '0')}`;
const transfer = (given: Partial<ReceivableTransfer> & { k: string }): ReceivableTransfer => ({
  ...{ debit: HUBEI, credit: 'subscriber/s/cash', amount: 5000n, currency: 'CNY', kind: 'topup', refersTo: '', at },
  ...given,
});

/** The same payment in many forms: what the server counts by itself, what it leaves, and what only looks alike. */
const ALL: readonly ReceivableTransfer[] = [
  transfer({ k: no(1) }),
  transfer({ k: no(1), amount: 200n, kind: 'discount_hq', refersTo: no(1) }),
  transfer({ k: no(2), refersTo: no(2), debit: HUNAN }),
  transfer({ k: no(3), refersTo: no(1), amount: 7n }),
  transfer({ k: `hold/${no(4)}`, amount: 11n }),
  transfer({ k: `${no(5)}1`, amount: 13n }),
  transfer({ k: 'correction/1', amount: 17n }),
  transfer({ k: 'correction/2', refersTo: no(2), amount: 19n, debit: HUNAN }),
  transfer({ k: no(6), currency: 'USD' }),
  transfer({ k: no(7), debit: HUNAN, credit: HUBEI }),
  transfer({ k: no(8), debit: 'subscriber/s/cash', credit: HUBEI, kind: 'refund', refersTo: no(2) }),
  transfer({ k: no(9), debit: 'subscriber/s/cash', credit: `held/${HUBEI}` }),
  transfer({ k: no(10), debit: `held/${HUBEI}`, credit: HUBEI }),
  transfer({ k: no(11), debit: 'branch/420000/promotion' }),
  transfer({ k: no(12), debit: 'branch/420000/settled', credit: HUBEI, kind: 'principal' }),
  transfer({ k: no(13), debit: HUBEI, credit: 'branch/420000/settled', kind: 'principal' }),
  transfer({ k: no(14) }),
  transfer({ k: no(14), debit: 'subscriber/s/cash', credit: HUBEI, kind: 'refund' }),
];

describe('plain credits, counted where they lie', () => {
  let database: TestDatabase;
  let admin: mysql.Connection;
  let store: ReceivablesStore;
  beforeAll(async () => {
    database = await testDatabase(schema);
    admin = await mysql.createConnection(connectionOptions(database.adminUrl));
    store = new ReceivablesStore(database.db);
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  /** A lane with these transfers, so many a batch. */
  async function lane(laneId: number, transfers: readonly ReceivableTransfer[], perBatch: number): Promise<void> {
    const rows = transfers.map(({ k, debit, credit, amount, currency, kind, refersTo, at: time }, place) => [
      ...[laneId, 1 + Math.floor(place / perBatch), place % perBatch, '2026-11-29'],
      ...[k, debit, credit, amount, currency, kind, refersTo, 0, time],
    ]);
    await admin.query('INSERT INTO transfer VALUES ?', [rows]);
    await admin.query(`INSERT INTO lane VALUES (?, 'billing', 'test', 0, 'open', 0, ?, '', 1, 0, NOW(), NOW())`, [
      laneId,
      Math.ceil(rows.length / perBatch),
    ]);
  }
  const items = () =>
    database.db.select(
      'SELECT branch, item, currency, amount, since AS at FROM open_item ORDER BY branch, item, currency',
    );
  const sums = () =>
    database.db.select(
      'SELECT branch, currency, kind, debited, credited FROM receivable_sum ORDER BY branch, currency, kind',
    );

  test('sums and open items are those of the rows read one by one, in however many stretches', async () => {
    await lane(1, ALL, 1);
    const counting = new CountReceivables(store);
    const uncounted = await store.uncounted();
    expect(await counting.execute()).toBe(true);
    const expected = gathered(ALL.flatMap(effectsOf));
    expect(await items()).toEqual(expected.changes);
    expect(await sums()).toEqual(expected.sums);
    expect(await counting.sumsOf(uncounted)).toEqual(expected.sums);
    expect(await counting.sumsOf(await store.uncounted())).toEqual([]);
  });

  test('what was settled before it was counted is no open item; of a part the rest is', async () => {
    const [settled, part, open] = [no(21), no(22), no(23)];
    const told = [settled, part].map((item) => ({
      ...{ branch: '420000', item, currency: 'CNY', amount: item === part ? -4000n : -5000n, at },
    }));
    await store.settle({ key: 'b1', page: 0, branch: '420000', amount: 9000n }, told);
    await lane(
      2,
      [settled, part, open].map((k) => transfer({ k })),
      2,
    );
    const before = (await items()).length;
    await new CountReceivables(store).execute();
    const rows = await items();
    expect(rows).toHaveLength(before); // one came and one went
    const left = rows.filter(({ item }) => [settled, part, open].includes(String(item)));
    expect(left.map(({ item, amount }) => [item, amount])).toEqual([
      [part, 1000n],
      [open, 5000n],
    ]);
  });

  test('nobody waits for the lane that goes on writing, nor the lane for who counts', async () => {
    await lane(4, [transfer({ k: no(31) }), transfer({ k: no(32) })], 1);
    const writer = await mysql.createConnection(connectionOptions(database.adminUrl));
    const next = (batch: number) =>
      writer.query('INSERT INTO transfer VALUES ?', [
        [[4, batch, 0, '2026-11-29', no(30 + batch), HUBEI, 'subscriber/s/cash', 5000n, 'CNY', 'topup', '', 0, at]],
      ]);
    await writer.beginTransaction();
    await next(3);
    expect(await new CountReceivables(store).execute()).toBe(true);
    await database.db
      .transaction(async (tx) => {
        await openPlain(tx, { laneId: 4, after: 0n, to: 2n });
        await next(4);
        await writer.commit();
        throw new Error('counted already');
      })
      .catch((error: unknown) => expect(error).toMatchObject({ message: 'counted already' }));
    await writer.end();
    const rows = (await items()).filter(({ item }) => String(item) >= no(31) && String(item) <= no(34));
    expect(rows.map(({ item }) => item)).toEqual([no(31), no(32)]);
  });

  test('counted by two at once, each stretch counts once', async () => {
    const many = Array.from({ length: 400 }, (_, n) => transfer({ k: no(100 + n), amount: 1n }));
    await lane(3, many, 2);
    await Promise.all([1, 2, 3].map(() => new CountReceivables(store).execute()));
    await new CountReceivables(store).execute();
    const rows = (await items()).filter(({ item }) => String(item) >= no(100) && String(item) < no(500));
    expect(rows.map(({ amount }) => amount)).toEqual(many.map(() => 1n));
    expect(await store.unlisted()).toEqual([]);
  });
});

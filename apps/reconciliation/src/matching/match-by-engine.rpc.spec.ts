import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import type { MatchedItem } from '@yidian/contracts';
import { BANK, DATE, FakeWorld, type Line } from '../testing/fake-world';

const NEXT = '2026-11-23';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

describe('a night through the engine', () => {
  const world = new FakeWorld();
  beforeAll(() => world.start());
  afterAll(() => world.stop());

  const lines: Line[] = [];
  const pay = (n: number, more: { credited?: boolean; named?: boolean } = {}): void => {
    const named = more.named ?? true;
    const names = named ? { refNo: `${no(n)}01`, providerTxnId: `T${n}` } : { refNo: '', providerTxnId: '' };
    world.paymentBook.add('paid', no(n), 5000n, { ...names, channel: 'partner_api', partner: 'shop' });
    if (more.credited ?? true) world.creditBook.add('credited', no(n), 5000n);
    lines.push({ ref: named ? `${no(n)}01` : no(n), txn: `T${n}`, amount: 5000n });
  };
  const rows = (sql: string) => world.database.db.select<{ n: bigint }>(sql);
  const run = async (date: string) => (await world.client.call('runs.get', { provider: BANK, date })).run;

  test('plain lines are sealed, not rows; settlement gets every line once, page by page', async () => {
    [1, 2, 3, 4, 5].forEach((n) => pay(n));
    pay(6, { credited: false });
    pay(7, { named: false });
    world.writeStatement(lines);
    await world.night();
    expect(await rows('SELECT n FROM matched_set')).toEqual([{ n: 6n }]);
    expect(await rows('SELECT CAST(SUM(n) AS SIGNED) AS n FROM matched_segment')).toEqual([{ n: 6n }]);
    expect(await rows('SELECT COUNT(*) AS n FROM match_item')).toEqual([{ n: 1n }]);
    expect(new Set(world.settled.map((item) => item.id)).size).toBe(7);
    const plain = world.settled.find((item) => item.paymentNo === no(1));
    expect(plain).toMatchObject({
      ...{ kind: 'payment', class: 'matched', matched: true, refNo: `${no(1)}01`, providerTxnId: 'T1' },
      ...{ amount: '5000', fee: '30', currency: 'CNY', branch: '420000', acquiringBranch: '440000' },
      ...{ channel: 'partner_api', partner: 'shop' },
    } satisfies Partial<MatchedItem>);
    const view = await run(DATE);
    expect(view?.counts).toContainEqual({ class: 'matched', count: 6, amount: '30000' });
    expect(view?.bridges.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
  });

  test('the sealed parts are named with their sums; single lines of them are told by number, and pages can be without them', async () => {
    const runId = (await run(DATE))?.runId ?? '';
    const { set } = await world.client.call('matched.segments', { runId });
    expect(set?.count).toBe(6);
    expect(set?.names.map(([, name]) => name)).toContainEqual({ channel: 'partner_api', partner: 'shop' });
    const archive = new DirectoryArchive(join(world.dataDir, 'archive'));
    let n = 0;
    for (const segment of set?.segments ?? []) n += (await archive.get(segment)).readUInt32LE(8);
    expect(n).toBe(6);
    const page = { provider: BANK, date: DATE, runId, sealed: false };
    expect((await world.client.call('items.page', page)).items.map(({ paymentNo }) => paymentNo)).toEqual([no(6)]);
    const { items } = await world.client.call('items.of_payments', { runId, paymentNos: [no(2), no(6), no(99)] });
    expect(items).toEqual(world.settled.filter((item) => item.paymentNo === no(2)));
    expect((await world.client.call('matched.segments', { runId: 'none' })).set).toBeNull();
  });

  test('the steps that read lines say how many they did', async () => {
    const told = await world.database.db.select(
      "SELECT name, lines_done, lines_total FROM step WHERE name IN ('parse', 'match') ORDER BY name",
    );
    const all = { lines_done: 7n, lines_total: 7n };
    expect(told).toEqual([
      { name: 'match', ...all },
      { name: 'parse', ...all },
    ]);
  });

  test('without its scratch the same inputs are the same run', async () => {
    const before = await run(DATE);
    const scratch = join(world.dataDir, 'match');
    expect(existsSync(scratch)).toBe(true);
    rmSync(scratch, { recursive: true });
    await world.night();
    expect(await run(DATE)).toEqual(before);
    expect(await rows('SELECT COUNT(*) AS n FROM matched_set')).toEqual([{ n: 1n }]);
  });

  test('the next date finds what was sealed: its refund, its line again, its return by transaction alone', async () => {
    const refund = { refNo: `${no(1)}R01` };
    world.paymentBook.add('refunded', no(1), 2000n, refund);
    world.creditBook.add('credit_reversed', no(1), 2000n, refund);
    world.writeStatement(
      [
        { kind: 'REFUND', ref: `${no(1)}R01`, txn: 'X1', orig: 'T1', amount: -2000n },
        { ref: `${no(2)}01`, txn: 'T2', amount: 5000n },
        { kind: 'REFUND', ref: 'CHARGEBACK7', txn: 'X7', orig: 'T7', amount: -5000n },
      ],
      NEXT,
    );
    await world.night(NEXT);
    const { data } = await world.client.call('breaks.list', { date: NEXT, state: 'any' });
    expect(data.map((row) => `${row.class} ${row.paymentNo}`).sort()).toEqual([
      `duplicate_line ${no(2)}`,
      `provider_return ${no(7)}`,
    ]);
    expect((await run(NEXT))?.bridges.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
  });

  test('a payment’s lines are told one by one, sealed or not, with what was found of it', async () => {
    const asked = [no(1), no(6), no(7), no(99)].map((paymentNo) => ({ paymentNo, provider: BANK }));
    const { lines } = await world.client.call('lines.of_payments', { payments: asked });
    const told = lines.map(
      (line) => `${line.paymentNo.slice(-1)} ${line.date} ${line.what} ${line.class} ${line.amount}`,
    );
    expect(told.sort()).toEqual([
      `1 ${DATE} line matched 5000`,
      `1 ${NEXT} line matched -2000`,
      `6 ${DATE} break uncredited 5000`,
      `6 ${DATE} line uncredited 5000`,
      `7 ${DATE} line matched 5000`,
      `7 ${NEXT} break provider_return -5000`,
      `7 ${NEXT} line provider_return -5000`,
    ]);
    expect(lines.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
    expect(lines.find(({ paymentNo }) => paymentNo === no(1))).toMatchObject({ providerTxnId: 'T1', state: 'matched' });
  });
});

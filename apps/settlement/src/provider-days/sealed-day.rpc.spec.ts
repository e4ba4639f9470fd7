import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import type { MatchedItem } from '@yidian/contracts';
import { SettledSegment } from '../items/engine/settled-lines';
import { MonthLinesStore } from '../months/month-lines.store';
import { schedule } from '../testing/contracts';
import { DAY, GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';

const NOV_23 = '2026-11-23';
const NOV_24 = '2026-11-24';

const plain = (n: number, given: Partial<MatchedItem> = {}): MatchedItem => {
  const amount = given.amount ?? String(1000 + n * 17);
  const fee = String((BigInt(amount) * 6000n * 2n + 1_000_000n) / 2_000_000n);
  return matchedItem(`p${String(n).padStart(3, '0')}`, { paymentNo: paymentNo(n), amount, fee, ...given });
};
const many = (from: number, to: number): MatchedItem[] =>
  Array.from({ length: to - from }, (_, i) =>
    plain(from + i, { branch: i % 3 ? HUBEI : GUANGDONG, channel: i % 2 ? 'sms' : 'portal' }),
  );
const refundOf = (n: number, amount: number, id = `r${n}`): MatchedItem =>
  matchedItem(id, { kind: 'refund', amount: String(-amount), fee: '0', refNo: 'R1', paymentNo: paymentNo(n) });

const simulated = ({ client }: SettlementFixture) =>
  client.call('fees.simulate', { id: 'bank_a-2026', from: '2026-11', to: '2026-11', actor: 'clerk.a' });

/** What the month's end reads, per branch: lines of sealed groups come as one. */
async function monthly({ running }: SettlementFixture) {
  const sums = new Map<string, bigint[]>();
  for (const line of await running.app.get(MonthLinesStore, { strict: false }).of('2026-11')) {
    const key = [line.branch, line.acquiringBranch, line.scheduleId, line.planId].join();
    const earned = line.earned.reduce((sum, { amount }) => sum + amount, 0n) * BigInt(line.count);
    const before = sums.get(key) ?? [0n, 0n, 0n, 0n];
    sums.set(
      key,
      [line.charged, line.face, line.fee, earned].map((amount, at) => amount + (before[at] ?? 0n)),
    );
  }
  return [...sums].sort(([x], [y]) => (x < y ? -1 : 1));
}

describe('a provider-day whose plain lines are sealed', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => void (fixture = await settlementFixture({ archive: true })));
  afterAll(() => fixture.close());

  const rows = <T extends Record<string, unknown>>(sql: string) => fixture.database.db.select<T>(sql);
  const sealedOf = async (batchId: string) =>
    (await rows<{ sealed: string }>(`SELECT sealed FROM settlement_batch WHERE batch_id = '${batchId}'`))[0]?.sealed ??
    '';
  const opened = async (batchId: string) =>
    (
      await rows<{ payment_no: string }>(
        `SELECT payment_no FROM settled_item WHERE batch_id = '${batchId}' AND sealed = 1 ORDER BY payment_no`,
      )
    ).map((row) => row.payment_no);
  const inSums = async (batchId: string) =>
    (await rows<{ n: bigint }>(`SELECT CAST(SUM(n) AS SIGNED) AS n FROM settled_sum WHERE batch_id = '${batchId}'`))[0]
      ?.n;
  const verify = () => fixture.client.call('ledger.verify', { since: 'start', waitMs: 5_000 });
  const holds = async () => {
    await fixture.assertInvariants();
    expect((await verify()).checks.filter(({ ok }) => !ok)).toEqual([]);
  };
  /** Every payment that billing was told of a branch, net. */
  const told = (branch: string) => {
    const net = new Map<string, bigint>();
    for (const page of fixture.world.settledItems.values())
      if (page.branch === branch)
        for (const { paymentNo: no, amount } of page.items) net.set(no, (net.get(no) ?? 0n) + BigInt(amount));
    return net;
  };

  test('the same lines by page and by part move the same money; none of the sealed is a row', async () => {
    const lines = many(1, 61);
    const late = matchedItem('x', { matched: false, class: 'late_success', paymentNo: paymentNo(900) });
    const bySegment = await fixture.settleSealed('run-1', [lines.slice(0, 20), [], lines.slice(20)], [late]);
    const balances = await fixture.balances();
    const paged = await settlementFixture();
    try {
      const byPage = await paged.settle('run-1', [...lines, late]);
      expect(bySegment).toEqual(byPage);
      expect(balances).toEqual(await paged.balances());
      await paged.assertInvariants();
      for (const told of [simulated, monthly]) expect(await told(fixture)).toEqual(await told(paged));
    } finally {
      await paged.close();
    }
    expect(await rows('SELECT item_id FROM settled_item')).toEqual([{ item_id: 'x' }]);
    expect(await inSums(bySegment.batchId)).toBe(60n);
    await holds();
    for (const branch of [HUBEI, GUANGDONG]) {
      const own = lines.filter((line) => line.branch === branch).map((line) => [line.paymentNo, BigInt(line.amount)]);
      expect([...told(branch)].sort()).toEqual(own.sort());
    }
  });

  test('the batch quotes the digest of its parts; the same inputs again are answered from it', async () => {
    const again = await fixture.settle('run-1');
    expect(again.replay).toBe(true);
    expect(await sealedOf(again.batchId)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a refund of a later day opens its payment and gives back exactly what was given', async () => {
    const before = await fixture.balances();
    const batch = (await fixture.settle('run-1')).batchId;
    const digest = await sealedOf(batch);
    const day = await fixture.settle('run-2', [refundOf(5, 400), refundOf(8, 1136)], NOV_23);
    expect(await opened(batch)).toEqual([paymentNo(5), paymentNo(8)]);
    expect(await inSums(batch)).toBe(58n);
    expect(await sealedOf(batch)).toBe(digest);
    expect(day).toMatchObject({ principal: '-1536', suspense: '0' });
    await holds();
    await fixture.settle('run-3', [refundOf(5, 685, 'r5b')], NOV_24);
    await holds();
    const rest = (
      await rows<{ refunded: bigint; commission: bigint; clawed: bigint }>(
        `SELECT refunded, commission, clawed FROM settled_item WHERE payment_no = '${paymentNo(5)}' AND kind = 'payment'`,
      )
    )[0];
    expect(rest).toMatchObject({ refunded: 1085n, clawed: rest?.commission });
    // Guangdong brought both; all its commission of them is back with Hubei.
    const given = 5n + 6n;
    const due = (balances: Record<string, string>) => BigInt(balances[`due/${GUANGDONG}`] ?? '0');
    expect(due(before) - due(await fixture.balances())).toBe(given);
  });

  test('the day again from a replaced statement: leg by leg back, and refunds find their payments in the new parts', async () => {
    const first = (await fixture.settle('run-1')).batchId;
    const again = await fixture.settleSealed('run-1b', [many(1, 61), [plain(70)]]);
    expect(again.batchId).not.toBe(first);
    expect(await opened(again.batchId)).toEqual([paymentNo(5), paymentNo(8)]);
    await holds();
    // A line that was sealed is a row in the next statement: it keeps what was taken of it.
    const [five] = many(5, 6).map((line) => ({ ...line, branch: many(1, 61)[4]?.branch ?? '' }));
    const others = many(1, 61).filter((line) => line.paymentNo !== paymentNo(5));
    const third = await fixture.settleSealed('run-1c', [others], [five as MatchedItem]);
    expect(await opened(third.batchId)).toEqual([paymentNo(8)]);
    await holds();
    await fixture.settle('run-2b', [], NOV_23);
    await holds();
    await fixture.settle('run-3b', [], NOV_24);
    expect(Object.fromEntries(told(HUBEI))[paymentNo(8)]).toBe(1136n);
    await holds();
  });

  test('row 12: a line whose fee is not the contract’s is a row with its difference in suspense', async () => {
    const odd = plain(201, { amount: '5000', fee: '35' });
    const day = await fixture.settleSealed('run-4', [[plain(200), odd]], [], '2026-11-25');
    expect(await opened(day.batchId)).toEqual([paymentNo(201)]);
    expect(await rows(`SELECT item_id, open FROM suspense_item WHERE item_id = 'p201'`)).toEqual([
      { item_id: 'p201', open: -5n },
    ]);
    await holds();
    const accepted = { key: 'fee-1', itemId: 'p201', date: '2026-11-25', action: 'correct_fee' as const };
    expect(await fixture.resolve({ ...accepted, paymentNo: paymentNo(201), amount: '-5' })).toBe('posted');
    await holds();
  });

  test('row 15: principal of a sealed line moves to the right branch; a reversal on the next date is as if it had never been', async () => {
    const day = await fixture.settleSealed('run-5', [[plain(300), plain(301)]], [], '2026-11-26');
    const move = {
      key: 'm1',
      paymentNo: paymentNo(300),
      from: HUBEI,
      to: GUANGDONG,
      amount: '6100',
      date: '2026-11-26',
    };
    await fixture.client.call('principal.move', { ...move, actor: 'clerk.b' });
    expect(await opened(day.batchId)).toEqual([paymentNo(300)]);
    await fixture.assertInvariants();
    const reversal = matchedItem('v301', { kind: 'reversal', paymentNo: paymentNo(301), amount: '-6117', fee: '-37' });
    await fixture.settle('run-6', [reversal], '2026-11-27');
    expect(await opened(day.batchId)).toEqual([paymentNo(300), paymentNo(301)]);
    await holds();
  });

  test('a refund line on the very day takes its payment out of the parts’ sums, whoever missed that they belong together', async () => {
    const reversal = matchedItem('v400', { kind: 'reversal', paymentNo: paymentNo(400), amount: '-5000', fee: '0' });
    const before = await fixture.balances();
    const lines = [plain(400, { amount: '5000', fee: '30' })];
    const day = await fixture.settleSealed('run-7', [lines], [reversal], '2026-11-28');
    const after = await fixture.balances();
    expect(BigInt(after[`due/${HUBEI}`] ?? 0)).toBe(BigInt(before[`due/${HUBEI}`] ?? 0));
    expect(day).toMatchObject({ principal: '0', commissions: '0' });
    expect(told(HUBEI).get(paymentNo(400)) ?? 0n).toBe(0n);
    await holds();
  });

  test('verify names what was changed: a sum, a part', async () => {
    const change = (by: number) =>
      fixture.database.db.run(
        `UPDATE settled_sum s JOIN provider_day d ON d.batch_id = s.batch_id SET s.fee = s.fee + ?
         WHERE d.day = ? AND s.channel = 'portal' AND s.branch = ?`,
        [by, DAY, HUBEI],
      );
    await change(1);
    const { checks: changed } = await verify();
    expect(changed.filter(({ ok }) => !ok)).toMatchObject([
      { name: 'sealed lines', detail: expect.stringMatching(/fee$/) },
    ]);
    await change(-1);
    const [part] = await rows<{ path: string; sha256: string }>(
      `SELECT s.path, s.sha256 FROM settled_segment s JOIN settlement_batch b ON b.batch_id = s.batch_id
       WHERE b.day = '${DAY}' AND b.state = 'settled' AND s.part = 0`,
    );
    const bytes = await new DirectoryArchive(fixture.archiveFolder).get(part ?? { path: '', sha256: '' });
    expect(new SettledSegment(bytes).count).toBe(59);
    writeFileSync(join(fixture.archiveFolder, part?.path ?? ''), Buffer.concat([bytes, Buffer.from('x')]));
    const { checks } = await verify();
    expect(checks.find((check) => check.name === 'sealed lines')).toMatchObject({ ok: false });
  });
});

describe('a day that cannot be settled from parts', () => {
  test('a fee rounded per day: all lines come page by page', async () => {
    const perDay = schedule({ roundPer: 'day' });
    const fixture = await settlementFixture({ archive: true, schedules: [perDay] });
    try {
      const lines = [plain(1), plain(2)];
      await fixture.settleSealed('run-1', [lines], lines);
      expect(await fixture.database.db.select('SELECT COUNT(*) AS n FROM settled_item')).toEqual([{ n: 2n }]);
      expect(await fixture.database.db.select('SELECT batch_id FROM settled_sum')).toEqual([]);
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });
});

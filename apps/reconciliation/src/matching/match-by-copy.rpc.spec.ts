import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tradeBill, type BillRow } from '@yidian/connectors/wechat-pay/wire-bill';
import type { MatchedItem } from '@yidian/contracts';
import { BANK, contractFee, DATE, FakeWorld } from '../testing/fake-world';

const NEXT = '2026-11-23';
const LAST = '2026-11-24';
const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;

describe('a night whose statement is a bill of WeChat Pay', () => {
  const world = new FakeWorld();
  beforeAll(() => world.start());
  afterAll(() => world.stop());

  const at = (date: string) => new Date(`${date}T12:00:00+08:00`);
  const bill = (rows: readonly BillRow[]) => tradeBill(rows, { mchid: '1', appid: 'wx', type: 'ALL' });
  const paid = (n: number): BillRow => ({
    ...{ at: at(DATE), state: 'SUCCESS', orderNo: `${no(n)}01`, transactionId: `T${n}`, tradeType: 'NATIVE' },
    ...{ amount: 5_000n, fee: contractFee(5_000n), note: '话费充值' },
  });
  const run = async (date: string) => (await world.client.call('runs.get', { provider: BANK, date })).run;
  const found = async (date: string): Promise<unknown[][]> => {
    const rows = await world.database.db.select(
      'SELECT class, payment_no, statement_line, raw FROM recon_break WHERE date = ? ORDER BY class',
      [date],
    );
    return rows.map((row) => [row['class'], row['payment_no'], row['statement_line'], row['raw']]);
  };
  const sets = () => world.database.db.select('SELECT n, statement_path FROM matched_set ORDER BY date');

  test('plain lines are sealed out of the copy; a break has its line of the bill and its raw text', async () => {
    world.connector = 'wechat-pay';
    for (const n of [1, 2, 3, 4]) {
      world.paymentBook.add('paid', no(n), 5_000n, { refNo: `${no(n)}01`, providerTxnId: `T${n}`, partner: 'shop' });
      if (n !== 4) world.creditBook.add('credited', no(n), 5_000n);
    }
    world.files.set(DATE, bill([1, 2, 3, 4].map(paid)));
    await world.night();
    expect(await found(DATE)).toEqual([['uncredited', no(4), 5, expect.stringContaining(`\`${no(4)}01,`)]]);
    expect((await run(DATE))?.bridges.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
    expect(await sets()).toEqual([{ n: 3n, statement_path: expect.stringMatching(/^matched\/.*-lines$/) as string }]);
  });

  test('settlement gets every line once, with the numbers that the bill has', () => {
    expect(new Set(world.settled.map((item) => item.id)).size).toBe(4);
    expect(world.settled.find((item) => item.paymentNo === no(2))).toMatchObject({
      ...{ kind: 'payment', class: 'matched', refNo: `${no(2)}01`, providerTxnId: 'T2', amount: '5000', fee: '30' },
      ...{ currency: 'CNY', channel: 'sms', partner: 'shop' },
    } satisfies Partial<MatchedItem>);
  });

  test('run again, with its scratch or without: the same run', async () => {
    const before = await run(DATE);
    await world.night();
    expect(await run(DATE)).toEqual(before);
    const scratch = join(world.dataDir, 'match');
    expect(readdirSync(join(scratch, BANK, DATE)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    rmSync(scratch, { recursive: true });
    await world.night();
    expect(await run(DATE)).toEqual(before);
    expect(await sets()).toHaveLength(1);
  });

  test('the next date finds what was sealed: its refund, and a return by the transaction alone', async () => {
    world.paymentBook.add('refunded', no(1), 2_000n, { refNo: `${no(1)}R01` });
    world.creditBook.add('credit_reversed', no(1), 2_000n, { refNo: `${no(1)}R01` });
    const refund = (n: number, refundNo: string, amount: bigint): BillRow => ({
      ...{ ...paid(n), at: at(NEXT), state: 'REFUND', amount: 0n, fee: 0n },
      refund: { no: refundNo, id: `X${n}`, amount, status: 'SUCCESS' },
    });
    world.files.set(NEXT, bill([refund(1, `${no(1)}R01`, 2_000n), refund(3, 'BACKOFFICE', 5_000n)]));
    await world.night(NEXT);
    const { data } = await world.client.call('breaks.list', { date: NEXT, state: 'any' });
    expect(data.map((row) => `${row.class} ${row.paymentNo}`)).toEqual([`provider_return ${no(3)}`]);
    expect((await run(NEXT))?.bridges.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
  });

  test('a payment’s line is told out of the sealed part', async () => {
    const { lines } = await world.client.call('lines.of_payments', {
      payments: [{ paymentNo: no(2), provider: BANK }],
    });
    expect(lines).toMatchObject([
      { paymentNo: no(2), date: DATE, class: 'matched', amount: '5000', providerTxnId: 'T2' },
    ]);
  });

  test('a line that cannot be read is a finding with its place and bytes; the rest is matched, and people are waited for', async () => {
    const rows = bill([paid(4)])
      .replaceAll(DATE, LAST)
      .split('\r\n');
    rows.splice(1, 0, '`2026-11-24 12:00:00,`torn');
    world.files.set(LAST, rows.join('\r\n').replace('\r\n`1,', '\r\n`2,'));
    world.creditBook.add('credited', no(4), 5_000n);
    await world.client.call('night.run', { date: LAST, actor: 'clerk.a' });
    await world.until(LAST, (steps) => steps.some(({ error }) => /unreadable lines wait for people/.test(error ?? '')));
    expect(await found(LAST)).toContainEqual(['unreadable_line', '', 2, '`2026-11-24 12:00:00,`torn']);
    expect((await run(LAST))?.statement).toMatchObject({ lines: 1, unreadable: 1 });
    expect((await run(LAST))?.bridges.map((bridge) => bridge.residual)).toEqual(['0', '0', '0', '0']);
  });
});

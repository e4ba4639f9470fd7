import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomBytes } from 'node:crypto';
import { UnreadableFile, type StatementFinding, type StatementLine } from '../contract/statement';
import { StripeBalance, StripePayout } from './report-format';

const HEADER =
  'balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,description,' +
  'customer_facing_amount,customer_facing_currency,charge_id,payment_intent_id,payment_method_type,' +
  'payment_metadata[order_no],refund_metadata[refund_no]';
const ORDER = '2611224321500731004201';
const REFUND = '26112243215007310042R01';
const PAID = `txn_1,2026-11-22 03:15:00,2026-11-22 11:15:00,cny,50.00,1.70,48.30,charge,ch_1,"话费充值, 138****1234",50.00,cny,ch_1,pi_1,card,${ORDER},`;
const BACK = `txn_2,2026-11-22 05:00:00,2026-11-22 13:00:00,cny,-20.00,0.00,-20.00,refund,re_1,REFUND FOR CHARGE,-20.00,cny,ch_1,pi_1,card,${ORDER},${REFUND}`;

async function read(text: string | Buffer, format = StripeBalance, chunk = 7, date?: string) {
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield await Promise.resolve(bytes.subarray(at, at + chunk));
  }
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (one: StatementFinding) => void findings.push(one),
  };
  const totals = await format.read(chunks(), sink, { fileName: 'x.csv', date });
  return { lines, findings, totals };
}

describe('stripe-balance', () => {
  test('payments and refunds by our numbers, sums in minor units, times in UTC', async () => {
    const { lines, findings, totals } = await read(`${HEADER}\n${PAID}\n${BACK}\n`);
    expect(findings).toEqual([]);
    expect(lines).toMatchObject([
      {
        fileLine: 2,
        n: 1,
        kind: 'PAY',
        ourNumber: ORDER,
        providerTxnId: 'pi_1',
        origTxnId: '',
        amount: 5000n,
        fee: 170n,
        feeText: '1.70',
        currency: 'CNY',
        occurredAt: new Date('2026-11-22T03:15:00Z'),
        state: 'SUCCESS',
        raw: PAID,
      },
      { kind: 'REFUND', ourNumber: REFUND, providerTxnId: 're_1', origTxnId: 'pi_1', amount: -2000n, fee: 0n },
    ]);
    expect(totals).toMatchObject({
      declared: null,
      read: { lines: 2, amount: 3000n, fee: 170n },
      unreadable: 0,
      agrees: true,
      header: { currency: 'CNY' },
    });
  });

  test('byte order mark, CRLF, quotes, other order of columns, more columns, blank lines, blanks in cells', async () => {
    const mixed = [
      '\uFEFF"net","fee","gross",currency,reporting_category,extra,balance_transaction_id,source_id,created_utc,Payment_Intent_ID',
      '48.30,1.70,50.00 \t,CNY,charge,"a ""quoted"", one",txn_1,ch_1,2026-11-22 03:15:00,pi_1',
      '',
      '-0.30,.30,0,cny,charge,,txn_2,ch_2,2026-11-22T03:16:00Z,pi_2',
    ].join('\r\n');
    const { lines, findings } = await read(mixed);
    expect(findings).toEqual([]);
    expect(lines.map(({ amount, fee, providerTxnId }) => [amount, fee, providerTxnId])).toEqual([
      [5000n, 170n, 'pi_1'],
      [0n, 30n, 'pi_2'],
    ]);
  });

  test.each([
    ['jpy', '5000', '170', '4830', 5000n],
    ['JPY', '5000.00', '170.00', '4830.00', 5000n],
    ['krw', '5000', '0', '5000', 5000n],
    ['kwd', '5.010', '0.000', '5.010', 5010n],
    ['usd', '0.1', '0', '0.1', 10n],
    ['usd', '90071992547409.93', '0', '90071992547409.93', null],
    ['usd', '9007199254740.93', '0.00', '9007199254740.93', 900719925474093n],
  ])('%s %s', async (currency, gross, fee, net, expected) => {
    const row = `txn_1,2026-11-22 03:15:00,,${currency},${gross},${fee},${net},charge,ch_1,,,,,,,,`;
    const { lines, findings } = await read(`${HEADER}\n${row}\n`);
    expect(expected === null ? findings.length : lines[0]?.amount).toBe(expected ?? 1);
  });

  test.each<[string, string, Partial<StatementLine>]>([
    [
      'dispute',
      '-50.00,15.00,-65.00',
      { kind: 'RETURN', amount: -5000n, fee: 1500n, providerTxnId: 'x_1', origTxnId: 'pi_1' },
    ],
    ['dispute_reversal', '50.00,-15.00,65.00', { kind: 'RETURN', amount: 5000n, fee: -1500n }],
    ['charge_failure', '-50.00,0.00,-50.00', { kind: 'RETURN', amount: -5000n }],
    ['refund_failure', '20.00,0.00,20.00', { kind: 'OTHER', amount: 2000n, ourNumber: REFUND }],
    ['payout', '-48.30,0.00,-48.30', { kind: 'PAYOUT', amount: -4830n, ourNumber: '' }],
    ['fee', '-2.00,0.00,-2.00', { kind: 'FEE', amount: -200n }],
    ['network_cost', '-0.01,0.00,-0.01', { kind: 'FEE', amount: -1n }],
    ['something_new', '1.00,0.00,1.00', { kind: 'OTHER', amount: 100n }],
  ])('a row of the category %s', async (category, sums, expected) => {
    const row = `txn_1,2026-11-22 03:15:00,,cny,${sums},${category},x_1,,,,ch_1,pi_1,card,${ORDER},${REFUND}`;
    const { lines } = await read(`${HEADER}\n${row}\n`);
    expect(lines[0]).toMatchObject(expected);
  });

  test.each([
    ['gross less fee is not net', PAID.replace('48.30', '48.31')],
    ['gross', PAID.replace('50.00,1.70', '5e1,1.70')],
    ['gross', PAID.replace('50.00,1.70', '50.005,1.70')],
    ['currency', PAID.replace(',cny,50.00', ',yuan,50.00')],
    ['created', PAID.replace('2026-11-22 03:15:00', '22.11.2026')],
    ['sign of the amount', PAID.replace('50.00,1.70,48.30', '-50.00,1.70,-51.70')],
    ['sign of the amount', BACK.replace('-20.00,0.00,-20.00', '20.00,0.00,20.00')],
    ['number of cells', `${PAID},,`],
  ])('a bad row is a finding with its bytes, and the rest goes on: %s', async (reason, bad) => {
    const { lines, findings, totals } = await read(`${HEADER}\n${bad}\n${BACK}\n`);
    expect(findings).toMatchObject([{ fileLine: 2, reason, raw: Buffer.from(bad), ofFile: false }]);
    expect(lines.map((line) => line.kind)).toEqual(['REFUND']);
    expect(totals).toMatchObject({ unreadable: 1, agrees: false });
  });

  test('a line end in quotes belongs to the cell; a quote too many costs one line', async () => {
    const twoLines = PAID.replace('话费充值, ', '话费\n充值 ');
    const good = await read(`${HEADER}\n${twoLines}\n${BACK}\n`);
    expect(good.lines).toMatchObject([{ fileLine: 2, raw: twoLines }, { fileLine: 4 }]);
    const stray = PAID.replace('"话费充值, 138****1234"', '"话费充值');
    const bad = await read(`${HEADER}\n${stray}\n${BACK}\n${PAID}\n${BACK}\n`);
    expect(bad.findings).toMatchObject([{ fileLine: 2, reason: 'a quote is not closed' }]);
    expect(bad.lines.map((line) => line.fileLine)).toEqual([3, 4, 5]);
  });

  test('bytes that are not UTF-8 are a finding', async () => {
    const [before = '', after = ''] = PAID.split('话费充值');
    const gbk = Buffer.concat([
      Buffer.from(`${HEADER}\n${before}`),
      Buffer.from([0xbb, 0xb0]),
      Buffer.from(`${after}\n${BACK}\n`),
    ]);
    const { lines, findings } = await read(gbk);
    expect(findings).toMatchObject([{ fileLine: 2, reason: 'not UTF-8' }]);
    expect(lines).toHaveLength(1);
  });

  test('no report at all', async () => {
    await expect(read('')).rejects.toThrow(UnreadableFile);
    await expect(read('a,b\n1,2\n')).rejects.toThrow('no column balance_transaction_id');
    await expect(read(randomBytes(64))).rejects.toThrow(UnreadableFile);
  });

  test('a report none of whose rows is of the date asked for is of another date, in Beijing time', async () => {
    const late = PAID.replace('2026-11-22 03:15:00', '2026-11-22 16:15:00');
    const of = async (row: string, date: string) =>
      (await read(`${HEADER}\n${row}\n`, StripeBalance, 7, date)).findings;
    expect(await of(PAID, '2026-11-22')).toEqual([]);
    expect(await of(late, '2026-11-23')).toEqual([]);
    expect(await of(late, '2026-11-22')).toMatchObject([{ ofFile: true, reason: expect.stringContaining('date') }]);
    expect((await read(`${HEADER}\n`, StripeBalance, 7, '2026-11-22')).findings).toEqual([]);
  });

  test('a local time is Beijing time', async () => {
    const header = 'balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id';
    const { lines } = await read(`${header}\ntxn_1,2026-11-22 11:15:00,cny,1.00,0,1.00,charge,ch_1\n`);
    expect(lines[0]?.occurredAt).toEqual(new Date('2026-11-22T03:15:00Z'));
  });

  test('a large file is read in flat memory', async () => {
    const block = Buffer.from(`${PAID}\n`.repeat(2_000));
    async function* source() {
      yield Buffer.from(`${HEADER}\n`);
      for (let i = 0; i < 60; i++) {
        yield await Promise.resolve(block);
        if (i === 40) halfWay = living();
      }
    }
    let lines = 0;
    let halfWay = Infinity;
    const before = living();
    const totals = await StripeBalance.read(
      source(),
      { line: () => void lines++, finding: () => undefined },
      { fileName: 'x' },
    );
    expect(lines).toBe(120_000);
    expect(totals.read).toEqual({ lines: 120_000, amount: 600_000_000n, fee: 20_400_000n });
    expect(halfWay - before).toBeLessThan(16 * 1_048_576); // 80,000 lines are read by then
  });
});

/** Bytes that are still reachable: what waits to be collected says nothing. */
function living(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('stripe-payout', () => {
  const header = `automatic_payout_id,automatic_payout_effective_at_utc,${HEADER}`;
  const row = (line: string) => `po_1,2026-11-25 00:00:00,${line}`;

  test('what a payout was made of', async () => {
    const { lines, totals } = await read(`${header}\n${row(PAID)}\n${row(BACK)}\n`, StripePayout);
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['PAY', 5000n],
      ['REFUND', -2000n],
    ]);
    expect(totals.agrees).toBe(true);
    await expect(read(`${HEADER}\n${PAID}\n`, StripePayout)).rejects.toThrow('no column automatic_payout_id');
  });

  test('each file is recognised as one of the two', () => {
    const kinds = (text: string, fileName: string) =>
      [StripeBalance, StripePayout].filter((f) => f.recognises(Buffer.from(text), { fileName })).map((f) => f.name);
    expect(kinds(`${HEADER}\n${PAID}`, 'report.csv')).toEqual(['stripe-balance']);
    expect(kinds(`${header}\n`, 'report.csv')).toEqual(['stripe-payout']);
    expect(kinds(`\uFEFF${header}\r\n`, 'Balance_Change_From_Activity.csv')).toEqual(['stripe-balance']);
    expect(kinds('H|YD1|bank_a|2026-11-22|CNY', 'x.txt')).toEqual([]);
  });
});

import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { encode } from 'iconv-lite';
import type { StatementFinding, StatementFormat, StatementLine } from '../contract';
import { UnreadableFile } from '../contract';
import { WECHAT_FUNDFLOW, WECHAT_TRADE } from './index';
import { TRADE_HEADERS, TRADE_SUMMARY, tradeBill, type BillRow, type BillType } from './wire-bill';

const OF = { mchid: '1900000109', appid: 'wx8888888888888888' };
const at = (time: string) => new Date(`2026-11-22T${time}+08:00`);
const PAID: BillRow = {
  at: at('12:04:05'),
  state: 'SUCCESS',
  orderNo: '2611224321500731004201',
  transactionId: '4200002345202611229876543210',
  tradeType: 'NATIVE',
  amount: 5000n,
  fee: 30n,
  note: '话费,充值\n139****0000',
};
const BACK: BillRow = {
  ...PAID,
  at: at('13:00:00'),
  state: 'REFUND',
  fee: -12n,
  refund: { no: '26112243215007310042R01', id: '50300806962021020105978994968', amount: 2000n, status: 'SUCCESS' },
};

async function read(content: string | Buffer, over: { date?: string; chunk?: number; format?: StatementFormat } = {}) {
  const { date, chunk = 64, format = WECHAT_TRADE } = over;
  const data = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const chunks = Array.from({ length: Math.ceil(data.length / chunk) }, (_, i) =>
    data.subarray(i * chunk, (i + 1) * chunk),
  );
  const found: { lines: StatementLine[]; findings: StatementFinding[] } = { lines: [], findings: [] };
  const sink = {
    line: (line: StatementLine) => void found.lines.push(line),
    finding: (finding: StatementFinding) => void found.findings.push(finding),
  };
  const origin = { fileName: 'bill.csv', ...(date === undefined ? {} : { date }) };
  return { ...found, totals: await format.read(Readable.from(chunks), sink, origin) };
}

const bill = (rows: BillRow[], type: BillType = 'ALL') => tradeBill(rows, { ...OF, type });
const lines = (text: string) => text.split('\r\n');

describe('trade bill of WeChat Pay', () => {
  test('payments and refunds, sums and fees in fen, however the bytes are cut', async () => {
    for (const chunk of [1, 7, 1_000_000]) {
      const { lines: found, findings, totals } = await read(bill([PAID, BACK]), { chunk, date: '2026-11-22' });
      expect(findings).toEqual([]);
      expect(found).toMatchObject([
        {
          kind: 'PAY',
          ourNumber: PAID.orderNo,
          providerTxnId: PAID.transactionId,
          origTxnId: '',
          amount: 5000n,
          fee: 30n,
          feeText: '0.30000',
          currency: 'CNY',
          occurredAt: at('12:04:05'),
          state: 'SUCCESS',
          n: 1,
          fileLine: 2,
        },
        {
          kind: 'REFUND',
          ourNumber: BACK.refund?.no,
          providerTxnId: BACK.refund?.id,
          origTxnId: PAID.transactionId,
          amount: -2000n,
          fee: -12n,
          n: 2,
          fileLine: 3,
        },
      ]);
      expect(totals).toMatchObject({
        header: { provider: '', date: '2026-11-22', currency: 'CNY' },
        declared: { lines: 2, amount: 3000n, fee: 18n },
        read: { lines: 2, amount: 3000n, fee: 18n },
        unread: { lines: 0, amount: 0n, fee: 0n },
        agrees: true,
      });
    }
  });

  test('compressed files are read as they are; offsets then mean nothing', async () => {
    const packed = gzipSync(Buffer.from(bill([PAID, BACK])));
    expect(WECHAT_TRADE.recognises(packed.subarray(0, 4_096), { fileName: '' })).toBe(true);
    for (const chunk of [1, 100, 1_000_000]) {
      const { lines: found, totals } = await read(packed, { chunk });
      expect(found.map(({ offset }) => offset)).toEqual([-1, -1]);
      expect(totals).toMatchObject({ agrees: true, read: { lines: 2 } });
    }
    const plain = bill([PAID]);
    expect((await read(plain)).lines[0]?.offset).toBe(Buffer.from(`${lines(plain)[0]}\r\n`).length);
  });

  test('a compressed file that is cut is no complete file', async () => {
    const packed = gzipSync(Buffer.from(bill(Array.from({ length: 200 }, () => PAID))));
    const { findings, totals } = await read(packed.subarray(0, packed.length - 20));
    expect(findings).toMatchObject([{ ofFile: true, reason: 'the compressed file is cut or damaged' }]);
    expect(totals.agrees).toBe(false);
  });

  test.each<[BillType, number]>([
    ['SUCCESS', 1],
    ['REFUND', 1],
  ])('the %s bill, whose columns stand otherwise', async (type, count) => {
    const { lines: found, totals } = await read(bill([PAID, BACK], type));
    expect(found).toHaveLength(count);
    expect(found[0]).toMatchObject({ kind: type === 'SUCCESS' ? 'PAY' : 'REFUND' });
    expect(totals.agrees).toBe(true);
  });

  test('columns in any order and more columns than known; LF; no BOM; tabs behind values; blank lines', async () => {
    const [header = '', row = '', ...summary] = lines(bill([PAID]));
    const turned = (line: string) => line.replace('\uFEFF', '').split(',').reverse();
    const text = [
      '',
      [...turned(header), '门店'].join(','),
      [...turned(row).map((cell) => `${cell}\t`), '`x'].join(','),
      ' \t',
      ...summary,
    ].join('\n');
    expect(await read(text)).toMatchObject({
      lines: [{ ourNumber: PAID.orderNo, amount: 5000n, fee: 30n }],
      findings: [],
      totals: { agrees: true },
    });
  });

  test('backticks before the names of columns, and a file that a spreadsheet has saved again', async () => {
    const [header = '', row = '', summary = '', totals = ''] = lines(bill([PAID]));
    const ticked = (line: string) => `\`${line.replace('\uFEFF', '').replaceAll(',', ',`')}`;
    const quoted = (line: string) => `"${line.replace('\uFEFF', '').replaceAll(',', '","')}"`;
    const expected = { lines: [{ amount: 5000n }], findings: [], totals: { agrees: true } };
    expect(await read([ticked(header), row, ticked(summary), totals].join('\n'))).toMatchObject(expected);
    expect(await read([header, row, summary, totals].map(quoted).join('\n'))).toMatchObject(expected);
    expect(await read(encode([header, row, summary, totals].join('\n').slice(1), 'gb18030'))).toMatchObject(expected);
  });

  test('a comma that was not escaped does not move the values behind it', async () => {
    const text = bill([PAID]).replace('话费\\ 充值', '话费,充值');
    expect(await read(text)).toMatchObject({ lines: [{ amount: 5000n, fee: 30n }], findings: [] });
  });

  test.each([
    ['PROCESSING', 'NOTICE'],
    ['FAIL', 'NOTICE'],
    ['CHANGE', 'NOTICE'],
    ['SUCCESS', 'SUCCESS'],
    ['LATER', 'NOTICE'],
  ])('a refund in state %s is a %s', async (status, state) => {
    const row = { ...BACK, refund: { ...BACK.refund, status } as NonNullable<BillRow['refund']> };
    expect((await read(bill([PAID, row]))).lines[1]).toMatchObject({ kind: 'REFUND', state, amount: -2000n });
  });

  test('the order’s sum before vouchers and the refund asked for count, not what is settled', async () => {
    const row = lines(bill([PAID]))[1]?.split(',') ?? [];
    row[12] = '`48.00';
    row[13] = '`2.00';
    const undone = lines(bill([BACK]))[1]?.split(',') ?? [];
    undone[16] = '`19.20';
    const totals = '`2,`48.00,`19.20,`0.00,`0.18000,`50.00,`20.00';
    const text = [TRADE_HEADERS.ALL, row.join(','), undone.join(','), TRADE_SUMMARY, totals].join('\n');
    expect(await read(text)).toMatchObject({
      lines: [{ amount: 5000n }, { amount: -2000n }],
      totals: { agrees: true, declared: { amount: 3000n } },
    });
  });

  test('a revoked payment code is undone under the order’s own number', async () => {
    const refund = { no: '0', id: '0', amount: 5000n, status: 'SUCCESS' };
    const text = bill([PAID, { ...PAID, state: 'REVOKED', fee: 0n, refund }]);
    expect(await read(text)).toMatchObject({
      lines: [
        { kind: 'PAY' },
        { kind: 'REVERSAL', ourNumber: PAID.orderNo, providerTxnId: PAID.transactionId, amount: -5000n },
      ],
      totals: { agrees: true, read: { amount: 0n } },
    });
  });

  test('parts of a fen are rounded half up and kept as written; they are no difference in the totals', async () => {
    const row = bill([PAID]).replace('`0.30000,', '`0.30500,');
    const { lines: found, totals } = await read(row.replace('`0.30000', '`0.30500'));
    expect(found[0]).toMatchObject({ fee: 31n, feeText: '0.30500' });
    expect(totals.agrees).toBe(true);
    const many = Array.from({ length: 10 }, () => PAID);
    const text = bill(many).replaceAll('`0.30000,', '`0.00600,').replace('`3.00000', '`0.06000');
    expect((await read(text)).totals).toMatchObject({ agrees: true, read: { fee: 10n }, unread: { fee: 0n } });
  });

  test('a file that repeats the order’s sum on refund lines, and counts it or not', async () => {
    const [header = '', pay = '', back = '', summary = ''] = lines(bill([PAID, BACK]));
    const repeated = back.replace('`0.00,`20.00,`', '`50.00,`20.00,`');
    expect(repeated).not.toBe(back);
    for (const orders of ['50.00', '100.00']) {
      const totals = `\`2,\`50.00,\`20.00,\`0.00,\`0.18000,\`${orders},\`20.00`;
      const file = [header, pay, repeated, summary, totals].join('\n');
      expect((await read(file)).totals).toMatchObject({ agrees: true, declared: { amount: 3000n } });
    }
  });

  test('a count that is written with decimals', async () => {
    expect((await read(bill([PAID]).replace('`1,`50.00', '`1.0,`50.00'))).totals.agrees).toBe(true);
  });

  test('columns of older files', async () => {
    const text = [
      '交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率',
      '`2014-11-10 16：33：45,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1001690740201411100005734289,`1415640626,`085e9858e,`MICROPAY,`SUCCESS,`CFT,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%',
      '总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额',
      '`1,`0.01,`0.0,`0.0,`0',
    ].join('\n');
    expect(await read(text)).toMatchObject({
      lines: [{ amount: 1n, fee: 0n, occurredAt: new Date('2014-11-10T08:33:45.000Z') }],
      findings: [],
      totals: { agrees: true },
    });
  });

  test.each<[string, (row: string) => string | Buffer]>([
    ['too few values', (row) => row.split(',').slice(0, 20).join(',')],
    ['an amount that is none', (row) => row.replaceAll('`50.00', '`5O.00')],
    ['an amount in parts of a fen', (row) => row.replaceAll('`50.00', '`50.001')],
    ['no amount', (row) => row.replaceAll('`50.00', '`0.00')],
    ['a negative payment', (row) => row.replaceAll('`50.00', '`-50.00')],
    ['a fee that is none', (row) => row.replace('`0.30000', '`about 0.3')],
    ['a state nobody listed', (row) => row.replace('`SUCCESS', '`WAITING')],
    ['a time that is none', (row) => row.replace('`2026-11-22 12:04:05', '`2026-11-31 12:04:05x')],
    ['a currency that is none', (row) => row.replace('`CNY', '`yuan')],
    ['no transaction', (row) => row.replace(PAID.transactionId, '')],
    ['bytes of another encoding', () => Buffer.from([0x60, 0xd6, 0xd0, 0xce, 0xc4])],
    ['a line that never ends', (row) => row + '`9'.repeat(20_000)],
  ])('%s: a finding with its raw bytes, and the rest goes on', async (_, spoil) => {
    const [header = '', good = '', second = '', ...end] = lines(bill([PAID, BACK]));
    const bad = Buffer.from(spoil(good));
    const file = Buffer.concat([Buffer.from(`${header}\n`), bad, Buffer.from(`\n${[second, ...end].join('\n')}`)]);
    const { lines: found, findings, totals } = await read(file);
    expect(found).toMatchObject([{ kind: 'REFUND' }]);
    expect(findings).toMatchObject([{ fileLine: 2, ofFile: false }]);
    expect(findings[0]?.raw).toEqual(bad.subarray(0, 4_096));
    expect(totals).toMatchObject({ agrees: false, unreadable: 1, unread: { lines: 1, amount: 5000n, fee: 30n } });
  });

  test.each([
    ['a sum', '`50.00,`20.00\r\n', '`50.01,`20.00\r\n', { amount: 1n }],
    ['two sums that make up for each other', '`50.00,`20.00\r\n', '`50.01,`20.01\r\n', { amount: 0n }],
    ['a count', '`2,`50.00', '`3,`50.00', { lines: 1 }],
    ['fees', '`0.18000,', '`0.19000,', { fee: 1n }],
  ])('a summary that differs in %s', async (_, from, to, unread) => {
    const { findings, totals } = await read(bill([PAID, BACK]).replace(from, to));
    expect(findings).toEqual([]);
    expect(totals).toMatchObject({ agrees: false, unread });
  });

  test('without its summary, with lines behind it, or with a summary that cannot be read', async () => {
    const all = lines(bill([PAID, BACK]));
    expect((await read(all.slice(0, 3).join('\n'))).totals).toMatchObject({
      declared: null,
      unread: null,
      agrees: false,
    });
    const behind = await read([...all.slice(0, 5), all[1]].join('\n'));
    expect(behind.findings).toMatchObject([{ reason: 'after the summary', ofFile: false }]);
    expect(behind.totals).toMatchObject({ agrees: false, unreadable: 1 });
    const broken = await read(bill([PAID]).replace('`1,`50.00', '`one,`50.00'));
    expect(broken.findings).toMatchObject([{ ofFile: true }]);
    expect(broken.totals).toMatchObject({ declared: null, agrees: false, unreadable: 0 });
  });

  test('a file of another date is a finding; refunds of older orders are not', async () => {
    const other = await read(bill([PAID]), { date: '2026-11-21' });
    expect(other.findings).toMatchObject([{ ofFile: true }]);
    expect(other.totals.agrees).toBe(false);
    expect((await read(bill([BACK]), { date: '2026-11-23' })).totals.agrees).toBe(true);
  });

  test('an empty day is complete; no such file is no statement', async () => {
    expect((await read(bill([]))).totals).toMatchObject({ agrees: true, declared: { lines: 0, amount: 0n, fee: 0n } });
    for (const none of ['', 'H|YD1|bank_a|2026-11-22|CNY\n', '{"code":"NO_STATEMENT_EXIST"}']) {
      await expect(read(none)).rejects.toThrow(UnreadableFile);
      expect(WECHAT_TRADE.recognises(Buffer.from(none), { fileName: '' })).toBe(false);
    }
    await expect(read(bill([PAID]).replace('商户订单号', '微信订单号'))).rejects.toThrow(UnreadableFile);
    expect(WECHAT_FUNDFLOW.recognises(Buffer.from(bill([PAID])), { fileName: '' })).toBe(false);
  });

  test('memory stays flat however long the file is', async () => {
    const [header = '', row = ''] = lines(bill([PAID]));
    const block = Buffer.from(`${row}\n`.repeat(1_000));
    async function* long(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${header}\n`);
      for (let i = 0; i < 120; i++) yield await Promise.resolve(block);
    }
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const sink = { line: () => undefined, finding: () => undefined };
    const totals = await WECHAT_TRADE.read(long(), sink, { fileName: '' });
    expect(totals.read.lines).toBe(120_000);
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    expect(grown).toBeLessThan(150_000_000);
  });
});

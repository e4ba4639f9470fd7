import { Readable } from 'node:stream';
import { encode } from 'iconv-lite';
import { UnreadableFile, type StatementFinding, type StatementFormat, type StatementLine } from '../contract';
import { feeFen } from './bill-cells';
import { ALIPAY_SIGNCUSTOMER, ALIPAY_TRADE, definition } from './index';
import {
  fundFlow,
  TRADE_HEADER,
  tradeDetail,
  tradeSummary,
  tradeZip,
  flowZip,
  type FlowRow,
  type TradeRow,
} from './wire-bill';
import { zipOf } from '../packed/wire-zip';

/** A file as Alipay writes it, by hand: nothing here comes from the code that writes bills for the sandbox. */
const DETAIL = [
  '#支付宝业务明细查询',
  '#账号：[20880000000000010156]',
  '#起始日期：[2026年11月22日 00:00:00]   终止日期：[2026年11月23日 00:00:00]',
  '#-----------------------------------------业务明细列表----------------------------------------',
  TRADE_HEADER,
  '2026112222001400000000000001\t,2611224321500731004201\t,交易\t,话费充值,2026-11-22 12:00:00,2026-11-22 12:00:05,\t,\t,\t,\t,*三(138******34)\t,50.00,50.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-0.19,0.00,',
  '2026112222001400000000000002\t,2611224321500731004301\t,交易\t,话费充值,2026-11-22 13:00:00,2026-11-22 13:00:05,\t,\t,\t,\t,*四(139******34)\t,100.00,100.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-0.385,0.00,',
  '2026112222001400000000000001\t,2611224321500731004201\t,退款\t,话费充值,2026-11-22 12:00:00,2026-11-22 18:30:00,\t,\t,\t,\t,*三(138******34)\t,-20.00,-20.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,26112243215007310042R01\t,0.08,0.00,',
  '#-----------------------------------------业务明细列表结束------------------------------------',
  '#交易合计：2笔，商家实收共150.00元，商家优惠共0.00元',
  '#退款合计：1笔，商家实收退款共-20.00元，商家优惠退款共0.00元',
  '#导出时间：[2026年11月23日 05:46:12]',
];
const SUMMARY = [
  '#支付宝业务汇总查询',
  '#账号：[20880000000000010156]',
  '#起始日期：[2026年11月22日 00:00:00]   终止日期：[2026年11月23日 00:00:00]',
  '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）',
  '合计,,2,1,130.00',
];
const FLOW = [
  '#支付宝账务明细查询',
  '#账号：[20880000000000010156]',
  '#起始日期：[2026年11月22日 00:00:00]   终止日期：[2026年11月23日 00:00:00]',
  '#-----------------------------------------账务明细列表----------------------------------------',
  '账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注',
  '54632446537371\t,2026112222001400000000000001\t,2611224321500731004201\t,话费充值\t,2026-11-22 12:00:05,张三 (a@b.example)\t,50.00,0.00,1050.00,支付宝,在线支付,',
  '54632446537372\t,2026112222001400000000000001\t,2611224321500731004201\t,话费充值\t,2026-11-22 12:00:05,\t,0.00,-0.19,1049.81,支付宝,收费,',
  '54632446537373\t,2026112222001400000000000001\t,2611224321500731004201\t,话费充值\t,2026-11-22 18:30:00,张三 (a@b.example)\t,0.00,-20.00,1029.81,支付宝,交易退款,',
  '54632446537374\t,2026112222001400000000000001\t,2611224321500731004201\t,话费充值\t,2026-11-22 18:30:00,\t,0.08,0.00,1029.89,支付宝,退费,',
  '54632446537375\t,20261122000000001\t,\t,\t,2026-11-22 20:00:00,\t,,-1000.00,29.89,支付宝,提现,',
  '54632446537376\t,20261122000000002\t,\t,\t,2026-11-22 21:00:00,\t,7.00,0.00,36.89,支付宝,转账,',
  '#----------------------------------------账务明细列表结束-------------------------------------',
  '#支出合计：3笔，共1020.19元',
  '#收入合计：3笔，共57.08元',
  '#导出时间：[2026年11月23日 05:46:12]',
];
const text = (lines: readonly string[], end = '\r\n') => lines.join(end) + end;
const gbk = (lines: readonly string[]) => encode(text(lines), 'gbk');
const edited = (index: number, edit: (line: string) => string) =>
  DETAIL.map((line, at) => (at === index ? edit(line) : line));

async function read(format: StatementFormat, bytes: Buffer, date?: string, chunk = bytes.length) {
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (f: StatementFinding) => void findings.push(f),
  };
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const totals = await format.read(Readable.from(chunks), sink, {
    fileName: '',
    ...(date === undefined ? {} : { date }),
  });
  return { lines, findings, totals };
}

const COMPLETE = {
  declared: { lines: 3, amount: 13_000n },
  read: { lines: 3, amount: 13_000n, fee: 50n },
  unread: { lines: 0, amount: 0n },
  unreadable: 0,
  agrees: true,
  header: { provider: '', date: '2026-11-22', currency: 'CNY' },
};

describe('the bill of trades', () => {
  test('payments by our order number, refunds by our refund number under the trade they undo', async () => {
    const { lines, findings, totals } = await read(ALIPAY_TRADE, gbk(DETAIL), '2026-11-22');
    expect(findings).toEqual([]);
    expect(totals).toMatchObject(COMPLETE);
    expect(lines[0]).toMatchObject({
      fileLine: 6,
      n: 1,
      kind: 'PAY',
      ourNumber: '2611224321500731004201',
      providerTxnId: '2026112222001400000000000001',
      origTxnId: '',
      amount: 5000n,
      fee: 19n,
      feeText: '-0.19',
      currency: 'CNY',
      occurredAt: new Date('2026-11-22T04:00:05Z'),
      state: 'SUCCESS',
    });
    expect(lines[0]?.raw).toBe(DETAIL[5]);
    expect(
      gbk(DETAIL)
        .subarray(lines[0]?.offset, (lines[0]?.offset ?? 0) + 28)
        .toString(),
    ).toMatch(/^20261122/);
    expect(lines[1]).toMatchObject({ amount: 10_000n, fee: 39n, feeText: '-0.385' });
    expect(lines[2]).toMatchObject({
      kind: 'REFUND',
      ourNumber: '26112243215007310042R01',
      providerTxnId: '2026112222001400000000000001',
      origTxnId: '2026112222001400000000000001',
      amount: -2000n,
      fee: -8n,
      occurredAt: new Date('2026-11-22T10:30:00Z'),
    });
  });

  const utf8 = (lines: readonly string[], end?: string) => Buffer.from(text(lines, end));
  const quoted = (lines: readonly string[]) =>
    lines.map((line) =>
      line.startsWith('#')
        ? `"${line}",,,`
        : line
            .split(',')
            .map((c) => `"${c}"`)
            .join(','),
    );
  const columns = (order: (cells: string[]) => string[]) =>
    DETAIL.map((line) => (line.startsWith('#') ? line : order(line.split(',')).join(',')));
  test.each<[string, Buffer]>([
    ['UTF-8', utf8(DETAIL)],
    ['UTF-8 with a byte order mark', utf8([`\uFEFF${DETAIL[0]}`, ...DETAIL.slice(1)])],
    ['LF, no end of the last line', Buffer.from(DETAIL.join('\n'))],
    ['blank lines and trailing commas', gbk(DETAIL.flatMap((line) => [`${line},,`, '', ',,,']))],
    ['columns in another order', gbk(columns((cells) => cells.reverse()))],
    ['more columns', gbk(columns((cells) => ['', ...cells, cells[0]?.startsWith('支') ? '新列（元）' : 'x']))],
    ['half-width brackets', gbk(DETAIL.map((line) => line.replaceAll('（元）', '(元)')))],
    ['no tabs', gbk(DETAIL.map((line) => line.replaceAll('\t', '')))],
    ['saved by a spreadsheet', gbk(quoted(DETAIL))],
    ['no comments before the header', gbk(DETAIL.slice(4))],
    ['a line before the header that is no comment', gbk(['业务明细', ...DETAIL])],
  ])('is the same with: %s', async (_, bytes) => {
    const { lines, findings, totals } = await read(ALIPAY_TRADE, bytes);
    expect(findings).toEqual([]);
    const { header: _date, ...complete } = COMPLETE;
    expect(totals).toMatchObject(complete);
    expect(lines.map(({ amount, fee }) => [amount, fee])).toEqual([
      [5000n, 19n],
      [10_000n, 39n],
      [-2000n, -8n],
    ]);
    expect(ALIPAY_TRADE.recognises(bytes.subarray(0, 4096), { fileName: '' })).toBe(true);
    expect(ALIPAY_SIGNCUSTOMER.recognises(bytes.subarray(0, 4096), { fileName: '' })).toBe(false);
  });

  test.each([1, 2, 3, 7, 1000])('is the same in chunks of %i bytes', async (size) => {
    expect((await read(ALIPAY_TRADE, gbk(DETAIL), '2026-11-22', size)).totals).toMatchObject(COMPLETE);
  });

  test.each<[string, (line: string) => string, string]>([
    ['cut', (line) => line.slice(0, 100), 'number of fields'],
    ['with a comma in a text', (line) => line.replace('话费充值', '话费,充值'), 'not an amount'],
    ['of an unlisted kind', (line) => line.replace('交易', '预授权'), 'a kind nobody listed'],
    ['with a negative payment', (line) => line.replace(',50.00,', ',-50.00,'), 'sign of the amount'],
    ['with a part of a fen', (line) => line.replace(',50.00,', ',50.001,'), 'more decimals than the currency has'],
    ['with an exponent', (line) => line.replace(',50.00,', ',5e1,'), 'not an amount'],
    ['without amount', (line) => line.replace(',50.00,', ',,'), 'not an amount'],
    ['with an unreadable fee', (line) => line.replace(',-0.19,', ',x,'), 'a fee'],
    ['with an unreadable time', (line) => line.replace(/2026-11-22 12:00:05/, '22/11/2026'), 'a time'],
    ['without trade number', (line) => line.replace(/^\d+/, ''), 'transaction id'],
    ['with an id that is none', (line) => line.replace(/^\d/, '二'), 'an id'],
  ])('a line %s is a finding with its bytes, the rest goes on', async (_, edit, reason) => {
    const { lines, findings, totals } = await read(ALIPAY_TRADE, gbk(edited(5, edit)));
    expect(findings).toMatchObject([{ fileLine: 6, reason, ofFile: false }]);
    expect(findings[0]?.raw).toEqual(encode(edit(DETAIL[5] ?? ''), 'gbk'));
    expect(lines).toHaveLength(2);
    expect(totals).toMatchObject({ unreadable: 1, agrees: false, unread: { lines: 1, amount: 5000n } });
  });

  test('a line that is no text in the file’s encoding is a finding', async () => {
    const bytes = gbk(DETAIL);
    const at = bytes.indexOf(encode('话费', 'gbk'));
    bytes[at] = 0xff;
    const { findings, totals } = await read(ALIPAY_TRADE, bytes);
    expect(findings).toMatchObject([{ fileLine: 6, reason: 'not in the encoding of the lines before' }]);
    expect(totals).toMatchObject({ unreadable: 1, unread: { lines: 1, amount: 5000n } });
  });

  test.each<[string, string[], object]>([
    ['a payment too few', edited(6, () => ''), { unread: { lines: 1, amount: 10_000n } }],
    ['a refund too few', edited(7, () => ''), { unread: { lines: 1, amount: -2000n } }],
    ['a payment too many', edited(6, (line) => `${line}\r\n${line}`), { unread: { lines: -1, amount: -10_000n } }],
    [
      'two differences that cancel each other',
      edited(9, (line) => line.replace('150.00', '151.00')).map((l) => l.replace('退款共-20.00', '退款共-21.00')),
      { unread: { lines: 0, amount: 0n } },
    ],
    ['no totals', DETAIL.slice(0, 8), { declared: null, unread: null }],
    ['a total that cannot be read', edited(9, () => '#交易合计：二笔'), { unread: { lines: -2, amount: -15_000n } }],
  ])('with %s the file does not agree', async (_, lines, totals) => {
    expect((await read(ALIPAY_TRADE, gbk(lines))).totals).toMatchObject({ ...totals, agrees: false });
  });

  test('of another date than was asked for: a finding, and it does not agree', async () => {
    const { findings, totals } = await read(ALIPAY_TRADE, gbk(DETAIL), '2026-11-23');
    expect(findings).toMatchObject([{ reason: 'the file is of another date', ofFile: true, fileLine: 3 }]);
    expect(totals).toMatchObject({ agrees: false, read: { lines: 3 } });
  });

  test('a line after the totals is a finding', async () => {
    const { findings } = await read(ALIPAY_TRADE, gbk([...DETAIL, DETAIL[5] ?? '']));
    expect(findings).toMatchObject([{ reason: 'after the end of the list' }]);
  });

  test('a day without business agrees', async () => {
    const none = [...DETAIL.slice(0, 5), DETAIL[8] ?? '', '#交易合计：0笔，商家实收共0.00元，商家优惠共0.00元'];
    const totals = { agrees: true, read: { lines: 0, amount: 0n, fee: 0n } };
    expect((await read(ALIPAY_TRADE, gbk(none))).totals).toMatchObject(totals);
  });

  test('fees are rounded half up to fen, whatever their sign', () => {
    const fees = ['0.385', '-0.385', '0.3849', '0.005', '-0.005', '0.00499999', '12', '1234567.895'];
    expect(fees.map(feeFen)).toEqual([39n, -39n, 38n, 1n, -1n, 0n, 1200n, 123_456_790n]);
  });

  test('what is no such file is refused', async () => {
    for (const bytes of [Buffer.from('<html>'), Buffer.alloc(0), gbk(SUMMARY), gbk(FLOW)]) {
      await expect(read(ALIPAY_TRADE, bytes)).rejects.toThrow(UnreadableFile);
    }
    const twice = edited(4, (line) => `${line},商户订单号`);
    await expect(read(ALIPAY_TRADE, gbk(twice))).rejects.toThrow(UnreadableFile);
    expect(ALIPAY_TRADE.recognises(Buffer.from('H|YD1|bank_a|2026-11-22|CNY\n'), { fileName: '' })).toBe(false);
  });
});

describe('a packed bill', () => {
  const detail = { name: '20880000000000010156_20261122_业务明细.csv', content: gbk(DETAIL) };
  const summary = { name: '20880000000000010156_20261122_业务明细(汇总).csv', content: gbk(SUMMARY) };

  test.each([
    ['the summary first', [summary, detail]],
    ['the summary last', [detail, summary]],
    ['the list alone', [detail]],
    [
      'names that say nothing',
      [
        { ...summary, name: 'a.csv' },
        { ...detail, name: 'b.csv' },
      ],
    ],
    [
      'a folder and a note',
      [{ name: 'x/', content: Buffer.alloc(0) }, { name: 'x/读我.txt', content: Buffer.from('x') }, detail],
    ],
  ])('is read with %s', async (_, members) => {
    const zip = zipOf(members);
    const { lines, findings, totals } = await read(ALIPAY_TRADE, zip, '2026-11-22', 100);
    expect(findings).toEqual([]);
    expect(totals).toMatchObject(COMPLETE);
    expect(lines.map(({ offset }) => offset)).toEqual([-1, -1, -1]);
    expect(totals.bytes).toBe(gbk(DETAIL).length - 2);
  });

  test('is told apart by the name of its first member, or by what is in it', () => {
    const told = (members: { name: string; content: Buffer }[]) => {
      const head = zipOf(members).subarray(0, 4096);
      return [ALIPAY_TRADE, ALIPAY_SIGNCUSTOMER].map((format) => format.recognises(head, { fileName: '' }));
    };
    expect(told([summary, detail])).toEqual([true, false]);
    expect(told([{ ...summary, name: 'a.csv' }])).toEqual([true, false]);
    expect(told([{ name: 'a.csv', content: gbk(FLOW) }])).toEqual([false, true]);
    expect(told([{ name: '2088_账务明细.csv', content: gbk(FLOW) }])).toEqual([false, true]);
    expect(told([{ name: 'a.csv', content: Buffer.from('x') }])).toEqual([false, false]);
  });

  test('a large day lies in several members; their totals add up', async () => {
    const second = { name: 'b_2.csv', content: gbk(DETAIL) };
    const { totals } = await read(ALIPAY_TRADE, zipOf([detail, second]));
    expect(totals).toMatchObject({ agrees: true, read: { lines: 6, amount: 26_000n }, declared: { lines: 6 } });
  });

  test('cut: nothing in it can be told apart', async () => {
    const zip = zipOf([summary, detail]);
    await expect(read(ALIPAY_TRADE, zip.subarray(0, zip.length - 30))).rejects.toThrow(UnreadableFile);
    await expect(read(ALIPAY_TRADE, zipOf([summary]))).rejects.toThrow(UnreadableFile);
  });

  test('with other bytes than were packed: what was read counts, and the file does not agree', async () => {
    const zip = Buffer.from(zipOf([detail]));
    const directory = zip.indexOf(Buffer.from('504b0102', 'hex'));
    zip.writeUInt32LE((zip.readUInt32LE(directory + 16) ^ 1) >>> 0, directory + 16);
    const { lines, findings, totals } = await read(ALIPAY_TRADE, zip);
    expect([lines.length, totals.agrees]).toEqual([3, false]);
    expect(findings).toMatchObject([{ ofFile: true, reason: 'the packed file is cut or damaged' }]);
  });
});

describe('the bill of our account', () => {
  test('every move by its business; charges, withdrawals and what nobody listed stand apart', async () => {
    const { lines, findings, totals } = await read(ALIPAY_SIGNCUSTOMER, gbk(FLOW), '2026-11-22');
    expect(findings).toEqual([]);
    expect(lines.map(({ kind, amount, ourNumber, origTxnId }) => [kind, amount, ourNumber, origTxnId])).toEqual([
      ['PAY', 5000n, '2611224321500731004201', ''],
      ['FEE', -19n, '2611224321500731004201', ''],
      ['REFUND', -2000n, '', '2611224321500731004201'],
      ['FEE', 8n, '2611224321500731004201', ''],
      ['PAYOUT', -100_000n, '', ''],
      ['OTHER', 700n, '', ''],
    ]);
    expect(lines[0]).toMatchObject({
      providerTxnId: '2026112222001400000000000001',
      occurredAt: new Date('2026-11-22T04:00:05Z'),
      fee: 0n,
    });
    expect(totals).toMatchObject({
      agrees: true,
      declared: { lines: 6, amount: -96_311n },
      read: { amount: -96_311n },
    });
  });

  test('neither in nor out, or both, is a finding', async () => {
    for (const sides of ['0.00,0.00', '1.00,-1.00']) {
      const lines = FLOW.map((line, at) => (at === 5 ? line.replace('50.00,0.00', sides) : line));
      const { findings, totals } = await read(ALIPAY_SIGNCUSTOMER, gbk(lines));
      expect(findings).toMatchObject([{ reason: 'neither in nor out', fileLine: 6 }]);
      expect(totals).toMatchObject({ agrees: false, unread: { lines: 1, amount: 5000n } });
    }
  });

  test('a summary under the same title is left out', async () => {
    const summary = gbk(['#支付宝账务明细查询', '业务类型,收入合计,支出合计', '交易付款,3162.56,0']);
    const zip = zipOf([
      { name: '2088_交易明细(汇总).csv', content: summary },
      { name: '2088_交易明细.csv', content: gbk(FLOW) },
    ]);
    expect((await read(ALIPAY_SIGNCUSTOMER, zip)).totals).toMatchObject({ agrees: true, read: { lines: 6 } });
  });
});

describe('bills of the sandbox', () => {
  const of = { account: '20880000000000010156', date: '2026-11-22', exportedAt: new Date('2026-11-22T21:46:12Z') };
  const at = new Date('2026-11-22T04:00:05Z');
  const trade = { orderNo: 'P1', subject: '话费, "充值"\n', createdAt: at, doneAt: at, payer: '*三(138******34)' };
  const rows: TradeRow[] = [
    { ...trade, kind: '交易', tradeNo: '1', refundNo: '', amount: 5000n, fee: '-0.19' },
    { ...trade, kind: '退款', tradeNo: '1', refundNo: 'R1', amount: -2000n, fee: '0.08' },
  ];

  test('are read back whole', async () => {
    const { lines, totals } = await read(ALIPAY_TRADE, tradeZip(rows, of), '2026-11-22');
    expect(totals).toMatchObject({ agrees: true, read: { lines: 2, amount: 3000n, fee: 11n } });
    expect(lines.map(({ ourNumber }) => ourNumber)).toEqual(['P1', 'R1']);
    const flow: FlowRow = { ...trade, flowNo: '7', tradeNo: '1', at, amount: -19n, balance: 81n, type: '收费' };
    expect((await read(ALIPAY_SIGNCUSTOMER, flowZip([flow], of), '2026-11-22')).totals).toMatchObject({
      agrees: true,
      read: { lines: 1, amount: -19n },
    });
  });

  test('have the frame of Alipay’s', () => {
    const frame = (text: string) => text.split('\r\n').filter((line) => line.startsWith('#'));
    expect(frame(tradeDetail(rows, of)).map((line) => line.slice(0, 12))).toEqual(
      DETAIL.filter((line) => line.startsWith('#')).map((line) => line.slice(0, 12).replace('2笔', '1笔')),
    );
    expect(tradeDetail(rows, of)).toContain('#导出时间：[2026年11月23日 05:46:12]');
    expect(tradeSummary(rows, of)).toContain('#支付宝业务汇总查询');
    expect(fundFlow([], of)).toContain('#收入合计：0笔，共0.00元');
  });
});

test('both formats belong to the connector', () => {
  expect(definition.formats.map(({ name }) => name)).toEqual(['alipay-trade', 'alipay-signcustomer']);
});

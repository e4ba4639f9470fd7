import { Readable } from 'node:stream';
import type { StatementFinding, StatementLine } from '../contract';
import { WECHAT_FUNDFLOW, WECHAT_TRADE } from './index';
import { fundFlowBill, type FlowRow } from './wire-bill';

const at = (time: string) => new Date(`2026-11-22T${time}+08:00`);
const row = (type: string, amount: bigint, over: Partial<FlowRow> = {}): FlowRow => ({
  at: at('12:00:00'),
  id: '4200000920202101197964319284',
  flow: '4200000920202101197964319284',
  voucher: '2611224321500731004201',
  name: type,
  type,
  amount,
  balance: 100n,
  ...over,
});
const ROWS = [
  row('交易', 5000n),
  row('扣除交易手续费', -30n),
  row('退款', -2000n, { id: '50300806962021020105978994968', voucher: '26112243215007310042R01' }),
  row('退还交易手续费', 12n),
  row('提现', -2900n, { voucher: 'W1' }),
  row('充值', 100n),
];

async function read(text: string) {
  const found: { lines: StatementLine[]; findings: StatementFinding[] } = { lines: [], findings: [] };
  const sink = {
    line: (line: StatementLine) => void found.lines.push(line),
    finding: (finding: StatementFinding) => void found.findings.push(finding),
  };
  const totals = await WECHAT_FUNDFLOW.read(Readable.from([Buffer.from(text)]), sink, { fileName: '' });
  return { ...found, totals };
}

describe('fund flow of WeChat Pay', () => {
  test('each move of the account by its kind, signed', async () => {
    const { lines, findings, totals } = await read(fundFlowBill(ROWS));
    expect(findings).toEqual([]);
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['PAY', 5000n],
      ['FEE', -30n],
      ['REFUND', -2000n],
      ['FEE', 12n],
      ['PAYOUT', -2900n],
      ['OTHER', 100n],
    ]);
    expect(lines[2]).toMatchObject({
      ourNumber: '26112243215007310042R01',
      providerTxnId: '50300806962021020105978994968',
      origTxnId: '4200000920202101197964319284',
    });
    expect(totals).toMatchObject({ agrees: true, declared: { lines: 6, amount: 182n } });
  });

  test('money that goes the other way than its kind is not explained by it', async () => {
    const { lines } = await read(fundFlowBill([row('交易', -5000n), row('退款', 100n), row('提现', 1n)]));
    expect(lines.map(({ kind }) => kind)).toEqual(['OTHER', 'OTHER', 'OTHER']);
  });

  test.each([
    ['a direction nobody listed', '`收入', '`转入'],
    ['an amount that is none', '`50.00', '`50,00'],
    ['a negative amount', '`50.00', '`-50.00'],
  ])('%s is a finding', async (_, from, to) => {
    const { lines, findings, totals } = await read(fundFlowBill(ROWS).replace(from, to));
    expect(lines).toHaveLength(5);
    expect(findings).toMatchObject([{ ofFile: false }]);
    expect(totals).toMatchObject({ agrees: false, unread: { lines: 1, amount: 5000n } });
  });

  test.each([
    ['sums that make up for each other', '`51.12,`3,`49.30', '`51.13,`3,`49.31'],
    ['counts that make up for each other', '`6,`3,`51.12,`3,', '`6,`2,`51.12,`4,'],
  ])('a summary with %s does not agree', async (_, from, to) => {
    const text = fundFlowBill(ROWS);
    expect(text).toContain(from);
    expect((await read(text.replace(from, to))).totals.agrees).toBe(false);
  });

  test('is told apart from the trade bill', () => {
    const head = Buffer.from(fundFlowBill(ROWS));
    expect(WECHAT_FUNDFLOW.recognises(head, { fileName: '' })).toBe(true);
    expect(WECHAT_TRADE.recognises(head, { fileName: '' })).toBe(false);
  });
});

import { readZip } from '@yidian/testing';
import { plan, schedule } from '../testing/contracts';
import { DAY, GUANGDONG, HUBEI, matchedItem } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';

/** Opens the workbook as any other program would: cells of the first sheet, strings resolved. */
function readSheet(xlsxBase64: string): (string | undefined)[][] {
  const files = readZip(Buffer.from(xlsxBase64, 'base64'));
  const part = (name: string) => files.get(name)?.toString('utf8') ?? '';
  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>(.*?)<\/t>.*?<\/si>/gs)].map((m) => m[1]);
  return [...part('xl/worksheets/sheet1.xml').matchAll(/<row[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, row = '']) =>
    [...row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', body = '']) => {
      const value = /<v>(.*?)<\/v>/.exec(body)?.[1];
      return attributes.includes('t="s"') && value !== undefined ? strings[parseInt(value, 10)] : value;
    }),
  );
}

describe('positions and statements', () => {
  let fixture: SettlementFixture;
  beforeAll(async () => {
    fixture = await settlementFixture({
      schedules: [schedule()],
      plans: [plan(), plan({ id: 'p', channel: 'partner_api', earner: 'partner' })],
    });
    await fixture.settle('run-0', [matchedItem('before', { amount: '1000', fee: '6' })], '2026-11-21');
    await fixture.settle('run-1', [
      matchedItem('a'),
      matchedItem('b', { amount: '123456', fee: '741', channel: 'portal', acquiringBranch: HUBEI }),
      matchedItem('c', { amount: '10000', fee: '60', channel: 'partner_api', partner: 'demo_shop', branch: GUANGDONG }),
      matchedItem('d', { kind: 'refund', amount: '-2000', fee: '0', refNo: 'R1' }),
      matchedItem('e', { matched: false, class: 'late_success', amount: '700', fee: '4' }),
    ]);
  });
  afterAll(() => fixture.close());

  test('every party’s columns add up to its net, and all nets to nothing', async () => {
    const { rows, ...state } = await fixture.client.call('positions.get', { date: DAY });
    expect(state).toEqual({ date: DAY, final: false, openBreaks: 3 });
    for (const row of rows) {
      const { principal, refunds, fees, commissionGiven, commissionEarned, adjustments, net } = row;
      const sum = [principal, refunds, fees, commissionGiven, commissionEarned, adjustments].reduce(
        (s, v) => s + BigInt(v),
        0n,
      );
      expect([row.party, String(sum)]).toEqual([row.party, net]);
    }
    expect(rows.reduce((sum, row) => sum + BigInt(row.net), 0n)).toBe(0n);
    expect(rows.map((row) => [row.partyKind, row.party, row.nameZh, row.net])).toEqual([
      ['branch', HUBEI, '湖北', String(5000 + 123456 - 2000 - 30 - 741 - 25 + 10)],
      ['branch', GUANGDONG, '广东', String(10000 - 60 - 50 + 25 - 10)],
      ['provider', 'bank_a', '甲银行', String(-(5000 + 123456 + 10000 - 2000 + 700) + 30 + 741 + 60 + 4)],
      ['partner', 'demo_shop', 'demo_shop', '50'],
      ['hq', 'hq', '总部', '696'],
    ]);
    expect(rows[0]).toMatchObject({ refunds: '-2000', fees: '-771', commissionGiven: '-15', commissionEarned: '0' });
  });

  test('cumulative positions are the balances', async () => {
    const { rows } = await fixture.client.call('positions.get', { date: DAY, scope: 'cumulative' });
    const balances = await fixture.balances();
    const net = (party: string) => rows.find((row) => row.party === party)?.net;
    expect([net(HUBEI), net(GUANGDONG), net('bank_a')]).toEqual([
      balances['due/420000'],
      balances['due/440000'],
      balances['clearing/bank_a'],
    ]);
    await fixture.assertInvariants();
  });

  test('a branch sees its own row only, also an empty one', async () => {
    const { rows } = await fixture.client.call('positions.get', { date: '2026-11-30', branch: HUBEI });
    expect(rows.map((row) => [row.party, row.net])).toEqual([[HUBEI, '0']]);
  });

  test('a statement’s lines add up, and the workbook shows the same figures', async () => {
    const { statement } = await fixture.client.call('statements.get', { party: HUBEI, date: DAY });
    expect(statement).toMatchObject({
      ...{ nameZh: '湖北', gross: '128456', refunds: '-2000', fees: '-771', commissionGiven: '-15', net: '125670' },
      lines: [
        {
          provider: 'bank_a',
          channel: 'portal',
          count: 1,
          principal: '123456',
          fee: '-741',
          commission: '0',
          net: '122715',
        },
        { provider: 'bank_a', channel: 'sms', count: 2, principal: '3000', fee: '-30', commission: '-15', net: '2955' },
      ],
    });
    const sheet = readSheet(statement?.xlsxBase64 ?? '');
    expect(sheet).toContainEqual(['对方 Party', HUBEI, '湖北 Hubei']);
    expect(sheet).toContainEqual(['净额 Net', '1256.7', '125670']);
    expect(sheet).toContainEqual([
      '机构 Provider',
      '渠道 Channel',
      '笔数 Count',
      '本金 元 Principal CNY',
      '手续费 元 Fee CNY',
      '酬金 元 Commission CNY',
      '调整 元 Adjustments CNY',
      '已付 元 Paid CNY',
      '净额 元 Net CNY',
      '净额 分 Net fen',
    ]);
    expect(sheet.slice(-2)).toEqual([
      ['bank_a', '网上 portal', '1', '1234.56', '-7.41', '0', '0', '0', '1227.15', '122715'],
      ['bank_a', '短信 sms', '2', '30', '-0.3', '-0.15', '0', '0', '29.55', '2955'],
    ]);
  });

  test('what a statement names adds up to its net, adjustments and payouts among it', async () => {
    const { statement } = await fixture.client.call('statements.get', { party: 'bank_a', date: DAY });
    if (!statement) throw new Error('bank_a has no statement');
    const sum = (...amounts: string[]) => String(amounts.reduce((total, amount) => total + BigInt(amount), 0n));
    const { gross, refunds, fees, commissionGiven, commissionEarned, adjustments, paid, net, lines } = statement;
    expect(adjustments).not.toBe('0');
    expect(sum(gross, refunds, fees, commissionGiven, commissionEarned, adjustments, paid)).toBe(net);
    for (const line of lines)
      expect(sum(line.principal, line.fee, line.commission, line.adjustments, line.paid)).toBe(line.net);
    expect(sum(...lines.map((line) => line.net))).toBe(net);
  });

  test('a partner’s statement is its commission; a stranger has none', async () => {
    const { statement } = await fixture.client.call('statements.get', { party: 'demo_shop', date: DAY });
    expect(statement).toMatchObject({ commissionEarned: '50', net: '50', gross: '0' });
    expect(await fixture.client.call('statements.get', { party: '999999', date: DAY })).toEqual({ statement: null });
  });
});

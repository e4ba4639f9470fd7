import { tradeBill as wechatBill } from '@yidian/connectors/wechat-pay/wire-bill';
import { tradeDetail, tradeZip } from '@yidian/connectors/alipay/wire-bill';
import { DATE, StatementStage } from '../testing/statement-stage';

const NEXT = '2026-11-23';
const no = (n: number) => `261122${String(n).padStart(14, '0')}01`;
const line = (n: number, more: { fee?: number; amount?: number } = {}) =>
  [
    'D',
    n,
    'PAY',
    no(n),
    `T${n}`,
    '',
    more.amount ?? 5000,
    more.fee ?? 30,
    'CNY',
    `${DATE}T12:00:00+08:00`,
    'SUCCESS',
  ].join('|');
const HEAD = `H|YD1|bank_a|${DATE}|CNY`;
const yd1 = (...parts: string[]) => `${parts.join('\n')}\n`;
const WHOLE = yd1(HEAD, line(1), line(2), 'T|2|10000|60');

const PAID = {
  kind: '交易' as const,
  tradeNo: '2026112222001400000000000001',
  orderNo: no(1),
  refundNo: '',
  subject: '话费',
};
const alipayRow = {
  ...PAID,
  createdAt: at('12:00:00'),
  doneAt: at('12:00:05'),
  payer: '*三',
  amount: 5000n,
  fee: '-0.30',
};
const alipay = { account: '20880000000000010156', date: DATE, exportedAt: at('23:00:00') };
const wechatRow = {
  ...{ at: at('12:00:00'), state: 'SUCCESS' as const, orderNo: no(1), transactionId: '4200001', tradeType: 'NATIVE' },
  ...{ amount: 5000n, fee: 30n, note: '' },
};
const wechat = wechatBill([wechatRow], { mchid: '1', appid: 'wx', type: 'ALL' });

function at(time: string): Date {
  return new Date(`${DATE}T${time}+08:00`);
}

/** What came for the date, in which state its file ends, what is found, and what can still be read of it. */
interface Case {
  provider?: string;
  bytes: string | Buffer;
  state: 'held' | 'accepted';
  findings: RegExp[];
  lines: number;
  unreadable?: number;
}
const CASES: [string, Case][] = [
  ['a whole file', { bytes: WHOLE, state: 'accepted', findings: [], lines: 2 }],
  [
    'an unreadable line among readable ones',
    {
      bytes: yd1(HEAD, line(1), 'D|2|PAY|???', 'T|2|10000|60'),
      state: 'accepted',
      findings: [],
      lines: 1,
      unreadable: 1,
    },
  ],
  [
    'bytes of another encoding in a line',
    {
      bytes: Buffer.concat([
        Buffer.from(`${HEAD}\n`),
        Buffer.from([0x44, 0x7c, 0xd6, 0x0a]),
        Buffer.from('T|1|5000|30\n'),
      ]),
      ...{ state: 'accepted', findings: [], lines: 0, unreadable: 1 },
    },
  ],
  ['an empty file', { bytes: '', state: 'held', findings: [/^empty_file: /], lines: 0 }],
  ['blank lines only', { bytes: '\n\n\n', state: 'held', findings: [/^not_a_statement: /], lines: 0 }],
  [
    'something else',
    { bytes: '<html>502 Bad Gateway</html>', state: 'held', findings: [/^not_a_statement: /], lines: 0 },
  ],
  ['cut before its trailer', { bytes: yd1(HEAD, line(1)), state: 'held', findings: [/^truncated: /], lines: 1 }],
  [
    'cut within a line',
    {
      bytes: `${HEAD}\n${line(1)}\n${line(2).slice(0, 30)}`,
      state: 'held',
      findings: [/^truncated: /],
      lines: 1,
      unreadable: 1,
    },
  ],
  [
    'a wrong sum',
    { bytes: yd1(HEAD, line(1), 'T|1|5001|30'), state: 'held', findings: [/^control_total: .*by 1,/], lines: 1 },
  ],
  [
    'a wrong count',
    { bytes: yd1(HEAD, line(1), 'T|3|5000|30'), state: 'held', findings: [/^control_total: .* 2 lines/], lines: 1 },
  ],
  [
    'a wrong sum of fees',
    { bytes: yd1(HEAD, line(1), 'T|1|5000|31'), state: 'held', findings: [/^control_total: /], lines: 1 },
  ],
  [
    'of another date',
    {
      bytes: WHOLE.replace(`|${DATE}|CNY\n`, '|2026-11-21|CNY\n'),
      state: 'held',
      findings: [/^other_date: /],
      lines: 2,
    },
  ],
  [
    'of another provider',
    { bytes: WHOLE.replace('bank_a', 'bank_b'), state: 'held', findings: [/^other_provider: /], lines: 2 },
  ],
  [
    'in another currency',
    { bytes: WHOLE.replaceAll('CNY', 'USD'), state: 'held', findings: [/^other_currency: /], lines: 2 },
  ],
  [
    'a packed bill',
    { provider: 'ali', bytes: tradeZip([alipayRow], alipay), state: 'accepted', findings: [], lines: 1 },
  ],
  [
    'a packed bill cut short',
    {
      provider: 'ali',
      bytes: tradeZip([alipayRow], alipay).subarray(0, -80),
      state: 'held',
      findings: [/^damaged: /],
      lines: 0,
    },
  ],
  [
    'a bill without its totals',
    {
      ...{ provider: 'ali', state: 'held', findings: [/^truncated: /], lines: 1 },
      bytes: tradeDetail([alipayRow], alipay).split('#').slice(0, 5).join('#'),
    },
  ],
  [
    'a bill of another date',
    {
      provider: 'ali',
      bytes: tradeZip([alipayRow], { ...alipay, date: NEXT }),
      state: 'held',
      findings: [/^other_date: /],
      lines: 1,
    },
  ],
  ['a bill with a summary', { provider: 'wx', bytes: wechat, state: 'accepted', findings: [], lines: 1 }],
  [
    'a bill whose summary is missing',
    { provider: 'wx', bytes: wechat.split('总交易单数')[0] ?? '', state: 'held', findings: [/^truncated: /], lines: 1 },
  ],
  [
    'a bill of another provider',
    { provider: 'wx', bytes: tradeZip([alipayRow], alipay), state: 'held', findings: [/^not_a_statement: /], lines: 0 },
  ],
];

describe('files as providers should not send them', () => {
  let stage: StatementStage;
  beforeEach(async () => {
    stage = await StatementStage.open();
    stage.providers.set('ali', { connector: 'alipay' });
    stage.providers.set('wx', { connector: 'wechat-pay' });
  });
  afterEach(() => stage.close());

  test.each(CASES)('%s', async (_name, { provider = 'bank_a', bytes, state, findings, lines, unreadable = 0 }) => {
    stage.play(bytes, { provider, fileName: 'day.txt' });
    const outcome = await stage.night({ provider });
    expect(outcome.kind).toBe(state === 'accepted' ? 'done' : 'failed');
    const file = await stage.current(provider);
    expect(file).toMatchObject({ state, totals: { lines, unreadable } });
    expect(file.findings).toEqual(findings.map((finding) => expect.stringMatching(finding)));
    const breaks = await stage.breaks.list({ provider, limit: 10 });
    expect(breaks.map((row) => row.class)).toEqual(state === 'held' ? ['control_total'] : []);
    const kept = await stage.rows.quarantined(file);
    expect(kept).toHaveLength(unreadable);
    for (const { raw } of kept) expect(Buffer.from(bytes as string).includes(raw)).toBe(true);
  });

  test('a held file is not read again and again; two people take the very file they saw', async () => {
    stage.play(yd1(HEAD, line(1), 'T|1|5001|30'));
    const first = await stage.night();
    expect(await stage.parse.run(stage.step('parse'))).toEqual(first);
    const { sha256 } = await stage.current();
    await stage.store.accept('bank_a', DATE, 'f'.repeat(64));
    expect((await stage.current()).state).toBe('held');
    await stage.store.accept('bank_a', DATE, sha256);
    expect((await stage.parse.run(stage.step('parse'))).kind).toBe('done');
    expect(await stage.current()).toMatchObject({ state: 'accepted', totals: { lines: 1, unread: 1n } });
  });

  test('reading a file tells how far it is: never all before its end, then exactly its lines', async () => {
    const many = Array.from({ length: 40_000 }, (_, n) => line(n + 1));
    stage.play(yd1(HEAD, ...many, `T|40000|${40_000 * 5_000}|${40_000 * 30}`));
    await stage.night();
    const told: [done: number, total: number][] = [];
    const { signal } = new AbortController();
    const outcome = await stage.parse.run(stage.step('parse'), signal, (...one) => void told.push(one));
    expect(outcome.kind).toBe('done');
    expect(told.at(-1)).toEqual([40_000, 40_000]);
    const before = told.slice(0, -1);
    expect(before.length).toBeGreaterThan(1);
    for (const [done, total] of before) expect(done).toBeLessThan(total);
    expect(before.map(([done]) => done)).toEqual(before.map(([done]) => done).sort((a, b) => a - b));
    expect(Math.abs((before[0]?.[1] ?? 0) - 40_000)).toBeLessThan(2_000);
  });

  test('what replaces a held file is taken up by the night', async () => {
    stage.play(yd1(HEAD, line(1), 'T|1|1|1'), { date: NEXT });
    expect((await stage.night({ date: NEXT })).kind).toBe('failed');
    stage.play(WHOLE.replaceAll(DATE, NEXT), { date: NEXT });
    expect((await stage.parse.run(stage.step('parse', { date: NEXT }))).kind).toBe('done');
    expect(await stage.current('bank_a', NEXT)).toMatchObject({ version: 2, state: 'accepted', totals: { lines: 2 } });
  });
});

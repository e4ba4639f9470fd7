import { Readable } from 'node:stream';
import type { StatementFinding, StatementLine } from '../../contract/statement';
import { parseMtDetails } from './mt-details';
import { MT_FORMATS } from './mt-format';
import { parseMtLine } from './mt-line';

const ATTEMPT = '2611224321500731004201';

async function read(text: string | Buffer, chunk = 50, date?: string) {
  const data = Buffer.from(text as string);
  const format = MT_FORMATS.find((one) => one.recognises(data.subarray(0, 4_096), { fileName: 'x.sta' }));
  if (!format) throw new Error('not recognised');
  const chunks = Array.from({ length: Math.ceil(data.length / chunk) }, (_, i) =>
    data.subarray(i * chunk, (i + 1) * chunk),
  );
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (one: StatementFinding) => void findings.push(one),
  };
  const totals = await format.read(Readable.from(chunks), sink, { fileName: 'x.sta', ...(date ? { date } : {}) });
  return { lines, findings, reasons: findings.map(({ reason }) => reason), totals, format: format.name };
}

const message = (entries: string[], opening = 'C261121CNY100,', closing = 'C261122CNY129,50') => [
  ':20:YD1',
  ':25:622848000000',
  ':28C:326/1',
  `:60F:${opening}`,
  ...entries,
  `:62F:${closing}`,
  ':64:C261122CNY1,',
];

const ENTRIES = [
  `:61:2611221122C50,00NTRF${ATTEMPT}//B1`,
  ':86:166?00GUTSCHRIFT?20EREF+' + ATTEMPT + '?21SVWZ+Aufladung?30BANKDEFF?32ZHANG SAN',
  ':61:2611221122D20,5NTRFNONREF//B2',
  'supplement of the bank',
  ':86:/EREF/26112243215007310042R01/REMI/back/',
];

describe('MT940', () => {
  test('bare, in SWIFT blocks, LF or CRLF, with an end or without: entries, references, balances', async () => {
    const body = message(ENTRIES).join('\n');
    const bare = [body, `\n\n${body}\n-\n`, `﻿${body}\n-}`];
    const blocks = [
      `{1:F01BANKCNBJAXXX0000000000}{2:I940CARRIERXN}{4:\n${body}\n-}`,
      `{1:F01BANKCNBJAXXX0000000000}\n{2:I940CARRIERXN}{3:{108:M}}{4:\n${body}\n-}{5:{CHK:0}}\n`,
      `{4:${body}\n-}`,
      `BANK\n940\nBANK\n${body}\n-XXX\n`,
    ];
    for (const text of [...bare, ...blocks].flatMap((one) => [one, one.replaceAll('\n', '\r\n')])) {
      const { lines, findings, totals, format } = await read(text);
      expect(format).toBe('MT940');
      expect(findings).toEqual([]);
      expect(lines).toMatchObject([
        { kind: 'PAY', ourNumber: ATTEMPT, providerTxnId: 'B1', amount: 5000n, n: 1, state: 'SUCCESS' },
        { kind: 'REFUND', ourNumber: '26112243215007310042R01', providerTxnId: 'B2', amount: -2050n, currency: 'CNY' },
      ]);
      expect(lines[0]?.occurredAt.toISOString()).toBe('2026-11-21T16:00:00.000Z');
      expect(totals).toMatchObject({
        header: { date: '2026-11-22', currency: 'CNY' },
        declared: { amount: 2950n },
        unread: { amount: 0n },
        agrees: true,
        bytes: Buffer.from(text).length,
      });
    }
  });

  test('offset and line say where the entry stands', async () => {
    const text = message(ENTRIES).join('\r\n');
    const { lines } = await read(text, 7);
    expect(lines[1]?.fileLine).toBe(7);
    expect(text.slice(lines[1]?.offset, (lines[1]?.offset ?? 0) + 4)).toBe(':61:');
    expect(lines[1]?.raw).toMatch(/^:61:.*\nsupplement of the bank\n:86:\/EREF/s);
  });

  test('several statements and pages per file; each has its control total', async () => {
    const text = [
      ...message([':61:261122C1,NTRFA'], 'C261121CNY0,', 'C261122CNY1,'),
      '-',
      ...message([':61:261122C1,NTRFA'], 'C261121CNY0,', 'C261122CNY2,').map((line) =>
        line.replace(':60F:', ':60M:').replace(':62F:', ':62M:'),
      ),
    ].join('\n');
    const { lines, findings, totals } = await read(text);
    expect(lines).toHaveLength(2);
    expect(findings).toMatchObject([
      { reason: 'opening balance and entries do not give the closing balance', ofFile: true },
    ]);
    expect(totals).toMatchObject({ declared: { amount: 300n }, unread: { amount: 100n }, agrees: false });
  });

  test('a bad entry is quarantined with its details; the rest goes on', async () => {
    const bad = ':61:26112X1122C50,00NTRFA\n:86:what it was';
    const { lines, findings, totals } = await read(
      message([bad, ...ENTRIES])
        .join('\n')
        .replace('129,50', '179,50'),
    );
    expect(lines).toHaveLength(2);
    expect(findings[0]).toMatchObject({ reason: 'statement line', ofFile: false, fileLine: 5 });
    expect(findings[0]?.raw.toString()).toBe(bad);
    expect(totals).toMatchObject({ unreadable: 1, unread: { amount: 5000n } });
  });

  test('a file cut short, one without a currency, one of another date', async () => {
    expect((await read(message(ENTRIES).slice(0, 6).join('\n'))).reasons).toEqual([
      'no closing balance: the message is not complete',
    ]);
    expect((await read(':20:X\n:61:261122C1,NTRFA\n')).findings).toMatchObject([{ ofFile: false }]);
    expect((await read(message(ENTRIES).join('\n'), 50, '2026-11-23')).reasons).toEqual([
      'the statement is of another date',
    ]);
    const sink = { line: () => undefined, finding: () => undefined };
    await expect(
      MT_FORMATS[0]?.read(Readable.from([Buffer.from('no such file')]), sink, { fileName: '' }),
    ).rejects.toThrow('no message');
  });

  test('details after a balance belong to no entry; times at a line’s start are no fields', async () => {
    const { lines } = await read(
      message([':61:261122C29,5NTRFA', ':86:106?20at T16', `:26:37 ref ${ATTEMPT}`])
        .concat(':86:of all')
        .join('\n'),
    );
    expect(lines).toMatchObject([{ ourNumber: ATTEMPT }]);
    expect(lines[0]?.raw).not.toContain('of all');
  });

  test('UTF-8, GBK and Latin-1 texts, also cut within a letter', async () => {
    const file = (name: Buffer, at: number) =>
      Buffer.concat([
        Buffer.from(message([':61:261122C29,5NTRFA', ':86:']).slice(0, 6).join('\n')),
        name.subarray(0, at),
        Buffer.from('\n'),
        name.subarray(at),
        Buffer.from('\n:62F:C261122CNY129,5\n-\n'),
      ]);
    expect((await read(file(Buffer.from('张三'), 3))).lines[0]?.raw).toContain('三');
    expect((await read(file(Buffer.from('d5c5c8fd', 'hex'), 2))).lines[0]?.raw).toContain('三');
    expect((await read(file(Buffer.from('4dfc6c6c6572', 'hex'), 6))).lines[0]?.raw).toContain('Müller');
  });

  test('a currency without decimals', async () =>
    expect(
      (await read(message([':61:261122D2700,NTRFA'], 'C261121JPY3000,', 'C261122JPY300,').join('\n'))).totals,
    ).toMatchObject({ read: { amount: -2700n }, agrees: true }));
});

describe('MT942', () => {
  const text = [
    ':20:I1',
    ':25:622848000000',
    ':28C:1/1',
    ':34F:CNY0,',
    ':13D:2611221815+0800',
    `:61:2611221122C50,NTRF${ATTEMPT}//B1`,
    ':61:2611221122ED1,NTRFNONREF',
    ':90D:1CNY1,',
    ':90C:1CNY50,',
    '-',
  ].join('\n');

  test('its sums are compared; an expected entry is a notice', async () => {
    const { lines, totals, format, findings } = await read(text);
    expect(format).toBe('MT942');
    expect(findings).toEqual([]);
    expect(lines).toMatchObject([
      { kind: 'PAY', amount: 5000n, state: 'SUCCESS' },
      { amount: -100n, state: 'NOTICE' },
    ]);
    expect(totals).toMatchObject({ declared: { lines: 2 }, read: { amount: 5000n }, agrees: true });
    expect((await read(text.replace('50,\n-', '51,\n-'))).reasons).toEqual(['field 90C differs from the entries']);
  });
});

describe('field 61', () => {
  test.each([
    ['261122C1,NTRFA', { amount: 100n, entryDate: '2026-11-22', type: 'NTRF', ownReference: 'A' }],
    ['2611221123D1234,5NTRFA//B', { amount: -123450n, entryDate: '2026-11-23', bankReference: 'B' }],
    ['261122RC1,00NTRFA', { amount: -100n, reversal: true }],
    ['261122RD1,00NTRFA', { amount: 100n, reversal: true }],
    ['261122EC1,00NTRFA', { amount: 100n, expected: true }],
    ['261122CR12,00NMSCNONREF', { amount: 1200n, reversal: false, ownReference: 'NONREF' }],
    ['261122DF3892,77N077', { amount: -389277n, type: 'N077', ownReference: '' }],
    ['1612310102C1,NTRFA', { valueDate: '2016-12-31', entryDate: '2017-01-02' }],
    ['1701021231C1,NTRFA', { valueDate: '2017-01-02', entryDate: '2016-12-31' }],
    ['1602300301DR6,00N024NONREF', { valueDate: '2016-03-01', entryDate: '2016-03-01' }],
    ['160230D6,00N024NONREF', { entryDate: '2016-02-29' }],
    [
      '261122    DD212,39NMSCNONREF//',
      { amount: -21239n, entryDate: '2026-11-22', type: 'NMSC', ownReference: 'NONREF' },
    ],
    ['100722D25,03NOV NONREF', { amount: -2503n, type: 'NOV' }],
    ['1710111011DF2402,00S   X', { amount: -240200n }],
    ['130102D000000000123,45N541NONREF', { amount: -12345n, type: 'N541' }],
    ['130102C1.234,56NTRFA', { amount: 123456n }],
    ['130102C12.3NTRFA', { amount: 1230n }],
    ['2212191220C119,NMSC341241773/1X//O/341241774', { ownReference: '341241773/1X', bankReference: 'O/341241774' }],
  ])('%s', (text, expected) => expect(parseMtLine([text], 'EUR')).toMatchObject(expected));

  test.each(['', '261122', '261122X1,NTRF', '261322C1,NTRF', '261122C,NTRF', '261122C1,005NTRF', '261122C1,2,3NTRF'])(
    '%p is none',
    (text) => expect(() => parseMtLine([text], 'EUR')).toThrow(),
  );
});

describe('field 86', () => {
  test.each([
    [
      '166?00X?20EREF+1234567890123456789012?2134567?22SVWZ+a b?34901',
      { EREF: '123456789012345678901234567', SVWZ: 'a b' },
    ],
    ['166~00X~20KREF+K1~21EREF+E1', { KREF: 'K1', EREF: 'E1' }],
    ['/TRTP/SEPA/IBAN/NL1/NAME/A B/REMI/for you/EREF/E9', { EREF: 'E9', REMI: 'for you', NAME: 'A B' }],
    ['EREF+E1 KREF+K1 SVWZ+text', { EREF: 'E1', KREF: 'K1', SVWZ: 'text' }],
    ['free text', {}],
  ])('%s', (text, parts) => expect(parseMtDetails([text]).parts).toMatchObject(parts));

  test('a word cut by the end of the line', () => {
    expect(parseMtDetails(['/TRTP/SEPA/ER', 'EF/E9/REMI/x']).parts['EREF']).toBe('E9');
    expect(parseMtDetails(['109?20EREF+E1?34901']).returnCode).toBe('901');
  });
});

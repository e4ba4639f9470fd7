import { Readable } from 'node:stream';
import type { StatementFinding, StatementLine } from '../contract';
import { readStatement, YD1 } from './statement-format';

const HEADER = 'H|YD1|bank_a|2026-11-22|CNY';
const PAY = 'D|1|PAY|2611224321500731004201|T1||5000|19|CNY|2026-11-22T04:00:00Z|SUCCESS';
const REFUND = 'D|2|REFUND|26112243215007310042R01|T2|T1|-2000|-8|CNY|2026-11-22T05:00:00+08:00|SUCCESS';

async function read(text: string | Buffer, chunk = 7) {
  const data = Buffer.isBuffer(text) ? text : Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(data.length / chunk) }, (_, i) =>
    data.subarray(i * chunk, (i + 1) * chunk),
  );
  const found: { lines: StatementLine[]; findings: StatementFinding[] } = { lines: [], findings: [] };
  const totals = await readStatement(Readable.from(chunks), {
    line: (line) => void found.lines.push(line),
    finding: (finding) => void found.findings.push(finding),
  });
  return { ...found, totals };
}

describe('statement of a direct bank', () => {
  test('lines, sums and trailer agree, however the bytes are cut', async () => {
    for (const chunk of [1, 7, 64, 100_000]) {
      const { lines, findings, totals } = await read(`${HEADER}\n${PAY}\n${REFUND}\nT|2|3000|11\n`, chunk);
      expect(findings).toEqual([]);
      expect(totals).toMatchObject({
        header: { provider: 'bank_a', date: '2026-11-22', currency: 'CNY' },
        read: { lines: 2, amount: 3000n, fee: 11n },
        unread: { lines: 0, amount: 0n, fee: 0n },
        agrees: true,
      });
      expect(lines[0]).toMatchObject({
        kind: 'PAY',
        ourNumber: '2611224321500731004201',
        amount: 5000n,
        fee: 19n,
        raw: PAY,
      });
      expect(lines[1]).toMatchObject({ kind: 'REFUND', origTxnId: 'T1', amount: -2000n, n: 2, fileLine: 3 });
      expect(lines[1]?.occurredAt.toISOString()).toBe('2026-11-21T21:00:00.000Z');
      expect(Buffer.from(`${HEADER}\n${PAY}\n`).length).toBe(lines[1]?.offset);
    }
  });

  test.each([
    ['too few fields', 'D|1|PAY|26112243215007310042|T1||5000|19|CNY|2026-11-22T04:00:00Z'],
    ['yuan instead of fen', PAY.replace('5000', '50.00')],
    ['a positive refund', REFUND.replace('-2000', '2000')],
    ['a negative payment', PAY.replace('5000', '-5000')],
    ['an amount beyond every table', PAY.replace('5000', '9999999999999999')],
    ['a time without a zone', PAY.replace('04:00:00Z', '04:00:00')],
    ['an unknown kind', PAY.replace('PAY', 'GIFT')],
    ['no number of ours', PAY.replace('2611224321500731004201', '')],
    ['an unknown record', 'X|1|2'],
    ['a line that never ends', `D|1|PAY|${'9'.repeat(5000)}`],
  ])('%s is a finding with its raw bytes; the rest goes on', async (_, bad) => {
    const { lines, findings, totals } = await read(`${HEADER}\n${bad}\n${REFUND}\nT|2|3000|11\n`);
    expect(lines).toHaveLength(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.raw.toString()).toBe(bad.slice(0, 4096));
    expect(totals).toMatchObject({ unreadable: 1, agrees: false, unread: { lines: 1, amount: 5000n, fee: 19n } });
  });

  test('bytes that are not UTF-8 spoil their line only', async () => {
    const broken = Buffer.concat([
      Buffer.from(`${HEADER}\nD|1|PAY|`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`${PAY}\nT|2|0|0\n`),
    ]);
    const { lines, findings } = await read(broken);
    expect(lines).toHaveLength(1);
    expect(findings[0]?.reason).toBe('not UTF-8');
  });

  test('a cut file has no trailer and does not agree', async () => {
    const { totals } = await read(`${HEADER}\n${PAY}\n${REFUND.slice(0, 30)}`);
    expect(totals).toMatchObject({ declared: null, unread: null, agrees: false, unreadable: 1 });
  });

  test('totals that differ do not agree even when every line was read', async () => {
    const { findings, totals } = await read(`${HEADER}\n${PAY}\nT|1|4999|19\n`);
    expect(findings).toEqual([]);
    expect(totals).toMatchObject({ agrees: false, unread: { lines: 0, amount: 1n * -1n, fee: 0n } });
  });

  test('nothing counts before the header or after the trailer, and a file of another format is no statement', async () => {
    expect((await read(`${PAY}\n${HEADER}\nT|0|0|0\n`)).lines).toEqual([]);
    expect((await read(`${HEADER}\nT|0|0|0\n${PAY}\n`)).totals).toMatchObject({ agrees: false, unreadable: 1 });
    expect((await read('H|YD9|bank_a|2026-11-22|CNY\nT|0|0|0\n')).totals).toMatchObject({
      header: null,
      agrees: false,
    });
    expect((await read('')).totals).toMatchObject({ header: null, declared: null, agrees: false });
  });

  test('an empty day is complete', async () => {
    expect((await read(`${HEADER}\nT|0|0|0\n`)).totals.agrees).toBe(true);
  });

  test('a byte order mark, CR, blank lines and space at the end are harmless', async () => {
    const text = `\uFEFF${HEADER}\t\r\n\r\n${PAY} \r\n \r\nT|1|5000|19\r\n\r\n`;
    expect(YD1.recognises(Buffer.from(text), { fileName: '' })).toBe(true);
    expect(await read(text)).toMatchObject({ findings: [], totals: { agrees: true, read: { lines: 1 } } });
  });

  test('a file of another provider or date is a finding; one that is no such file at all is refused', async () => {
    const reasons: string[] = [];
    const sink = { line: () => undefined, finding: (one: StatementFinding) => void reasons.push(one.reason) };
    const of = (text: string) => Readable.from([Buffer.from(text)]);
    const origin = { fileName: '', provider: 'bank_b' };
    await YD1.read(of(`${HEADER}\nT|0|0|0\n`), sink, origin);
    await YD1.read(of(`${HEADER}\nT|0|0|0\n`), sink, { fileName: '', date: '2026-11-23' });
    expect(reasons).toEqual(['the file is of another provider', 'the file is of another date']);
    await expect(YD1.read(of('<html>'), sink, origin)).rejects.toThrow('neither');
  });
});

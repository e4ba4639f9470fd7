import { readCreditFile, type CreditFinding, type CreditLine } from './credit-file-format';

const EXPECTED = { branch: '430000', date: '2026-11-23' };
const HEAD = 'H|YC1|430000|2026-11-23|CNY';
const CREDIT = 'D|1|CREDIT|26112300000000000001|H000001|5000|2026-11-23T10:00:00+08:00|DONE';
const REVERSAL = 'D|2|REVERSAL|26112300000000000001R01|H000002|-2000|2026-11-23T11:00:00Z|DONE';
const CANCEL = 'D|3|CANCEL|26112300000000000001R01|H000003|2000|2026-11-23T12:00:00.123Z|DONE';

async function read(text: string | Buffer, expected = EXPECTED) {
  const lines: CreditLine[] = [];
  const findings: CreditFinding[] = [];
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
  const totals = await readCreditFile(bytes, expected, {
    line: (line) => void lines.push(line),
    finding: (finding) => void findings.push(finding),
  });
  return { lines, findings, totals };
}
const file = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('a province’s credit file', () => {
  test('is read line by line, signed, with its totals', async () => {
    const { lines, findings, totals } = await read(file(HEAD, CREDIT, REVERSAL, CANCEL, 'T|3|5000'));
    expect(findings).toEqual([]);
    expect(totals).toEqual({ lines: 3, amount: 5000n, agrees: true });
    expect(lines.map(({ kind, reference, amount }) => [kind, reference, amount])).toEqual([
      ['CREDIT', '26112300000000000001', 5000n],
      ['REVERSAL', '26112300000000000001R01', -2000n],
      ['CANCEL', '26112300000000000001R01', 2000n],
    ]);
    expect(lines[0]?.at.toISOString()).toBe('2026-11-23T02:00:00.000Z');
  });

  test('the offset after a line is where the next page begins', async () => {
    const text = file(HEAD, CREDIT, REVERSAL, 'T|2|3000');
    const { lines } = await read(text);
    expect(text.slice(lines[0]?.next)).toBe(file(REVERSAL, 'T|2|3000'));
  });

  const bad: [string, string, string][] = [
    ['another kind', CREDIT.replace('CREDIT', 'GIFT'), 'kind'],
    ['a credit below zero', CREDIT.replace('5000', '-5000'), 'sign of the amount'],
    ['a reversal above zero', REVERSAL.replace('-2000', '2000'), 'sign of the amount'],
    ['nothing', CREDIT.replace('5000', '0'), 'sign of the amount'],
    ['no whole fen', CREDIT.replace('5000', '50.00'), 'amount'],
    ['a local time', CREDIT.replace('+08:00', ''), 'time'],
    ['another state', CREDIT.replace('DONE', 'PENDING'), 'state'],
    ['a field too few', CREDIT.replace('|DONE', ''), 'number of fields'],
    ['another record', CREDIT.replace('D|', 'X|'), 'unknown record'],
    ['an empty reference', CREDIT.replace('26112300000000000001', ''), 'our reference'],
  ];
  test.each(bad)('%s is a finding with its bytes; the rest goes on', async (_, line, reason) => {
    const { lines, findings, totals } = await read(file(HEAD, line, REVERSAL, 'T|2|3000'));
    expect(lines).toHaveLength(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ fileLine: 2, raw: Buffer.from(line) });
    expect(findings[0]?.reason).toContain(reason === 'amount' ? '' : reason);
    expect(totals.agrees).toBe(false);
  });

  test('bytes that are no text, lines without end, lines after the end', async () => {
    const noText = await read(
      Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.from([0xff, 0xfe, 10]), Buffer.from('T|0|0\n')]),
    );
    expect(noText.findings[0]).toMatchObject({ reason: 'not UTF-8', raw: Buffer.from([0xff, 0xfe]) });
    const long = await read(file(HEAD, 'D|'.padEnd(9_000, '9'), 'T|0|0'));
    expect(long.findings[0]).toMatchObject({ reason: 'line too long' });
    expect(long.findings[0]?.raw).toHaveLength(4_096);
    const late = await read(file(HEAD, 'T|0|0', CREDIT));
    expect(late.findings[0]).toMatchObject({ reason: 'after the trailer' });
  });

  test.each([
    ['a trailer that counts otherwise', file(HEAD, CREDIT, 'T|2|5000')],
    ['a trailer that sums otherwise', file(HEAD, CREDIT, 'T|1|5001')],
    ['no trailer', file(HEAD, CREDIT)],
    ['no header', file(CREDIT, 'T|1|5000')],
    ['another branch', file(HEAD.replace('430000', '440000'), CREDIT, 'T|1|5000')],
    ['another date', file(HEAD.replace('11-23', '11-22'), CREDIT, 'T|1|5000')],
    ['nothing at all', ''],
  ])('%s does not agree', async (_, text) => {
    expect((await read(text)).totals.agrees).toBe(false);
  });
});

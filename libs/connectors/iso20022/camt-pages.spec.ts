import { Readable } from 'node:stream';
import type { StatementFinding, StatementLine } from '../contract/statement';
import { CAMT_FORMATS } from './camt-format';
import { balanceText, camt053Text, entryText, statementText } from './played-camt';

async function read(text: string) {
  const lines: StatementLine[] = [];
  const findings: StatementFinding[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: (one: StatementFinding) => void findings.push(one),
  };
  const format = CAMT_FORMATS[0];
  if (!format) throw new Error('no format');
  const totals = await format.read(Readable.from([Buffer.from(text)]), sink, { fileName: 'x', date: '2026-11-22' });
  return { lines, findings, reasons: findings.map(({ reason }) => reason), totals };
}

const pagination = (number: number, last: boolean) =>
  `<MsgPgntn><PgNb>${number}</PgNb><LastPgInd>${last}</LastPgInd></MsgPgntn>`;
const entries = (...amounts: string[]) =>
  amounts.map((amount, n) => entryText({ amount, reference: `B${amount}${n}` })).join('');
const message = (number: number, last: boolean, inside: string) => camt053Text(inside, '08', pagination(number, last));

const OPENING = balanceText('OPBD', '100.00');
const CLOSING = balanceText('CLBD', '106.00');
const summary = (count: number, sum: string) =>
  `<TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum></TtlNtries></TxsSummry>`;

describe('a statement over several pages', () => {
  const [first, second, third] = [entries('1.00'), entries('2.00'), entries('3.00')];

  test.each([
    ['balances on the first and the last page', OPENING + first, second, third + CLOSING],
    ['both balances on every page', OPENING + CLOSING + first, OPENING + CLOSING + second, OPENING + CLOSING + third],
    [
      'a summary of each page',
      OPENING + summary(1, '1.00') + first,
      summary(1, '2.00') + second,
      CLOSING + summary(1, '3.00') + third,
    ],
    [
      'a summary of the whole on each page',
      OPENING + summary(3, '6.00') + first,
      summary(3, '6.00') + second,
      CLOSING + third,
    ],
  ])('%s', async (_name, one, two, three) => {
    const pages = [
      message(1, false, statementText(one)),
      message(2, false, statementText(two)),
      message(3, true, statementText(three)),
    ];
    for (const text of [pages.join(''), [...pages].reverse().join('')]) {
      const { lines, reasons, totals } = await read(text);
      expect(reasons).toEqual([]);
      expect(lines.map(({ amount }) => amount).sort()).toEqual([100n, 200n, 300n]);
      expect(totals).toMatchObject({
        header: { date: '2026-11-22', currency: 'CNY' },
        declared: { amount: 600n },
        unread: { amount: 0n },
        agrees: true,
      });
    }
  });

  test('pagination of the statement itself joins its pages too', async () => {
    const page = (number: number, last: boolean) => pagination(number, last).replaceAll('MsgPgntn', 'StmtPgntn');
    const text = camt053Text(
      statementText(page(1, false) + OPENING + first + second) + statementText(page(2, true) + third + CLOSING),
      '08',
    );
    expect(await read(text)).toMatchObject({ reasons: [], totals: { agrees: true, declared: { amount: 600n } } });
  });

  test('an entry too much on a page shows against the balances of the whole, once', async () => {
    const text =
      message(1, false, statementText(OPENING + first + first)) +
      message(2, true, statementText(second + third + CLOSING));
    const { reasons, totals } = await read(text);
    expect(reasons).toEqual(['opening balance and entries do not give the closing balance']);
    expect(totals).toMatchObject({ unread: { amount: -100n }, agrees: false });
  });

  test.each([
    ['the last page', [1, 2], 'pages are missing: the last'],
    ['a page between', [1, 3], 'pages are missing: 2'],
    ['the first page', [2, 3], 'pages are missing: 1'],
  ])('%s is missing', async (_name, numbers, reason) => {
    const insides = ['', OPENING + first, second, third + CLOSING];
    const text = numbers.map((number) => message(number, number === 3, statementText(insides[number] ?? ''))).join('');
    const { lines, reasons, totals } = await read(text);
    expect(reasons).toContain(reason);
    expect(lines).toHaveLength(2);
    expect(totals.agrees).toBe(false);
  });

  test('statements of other accounts on the pages of a message stand for themselves', async () => {
    const other = statementText(OPENING + first + balanceText('CLBD', '101.00'), 'S2');
    const text =
      message(1, false, other + statementText(OPENING + first + second)) +
      message(2, true, statementText(third + CLOSING));
    expect(await read(text)).toMatchObject({ reasons: [], totals: { agrees: true, declared: { amount: 700n } } });
  });

  test('a message on one page that says so is as before', async () => {
    const text = message(1, true, statementText(OPENING + first + second + CLOSING));
    expect((await read(text)).reasons).toEqual(['opening balance and entries do not give the closing balance']);
  });
});

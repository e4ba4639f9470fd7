import { readZip } from '@yidian/testing';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plan, schedule } from '../testing/contracts';
import { GUANGDONG, HUBEI, matchedItem, paymentNo } from '../testing/lines';
import { settlementFixture, type SettlementFixture } from '../testing/settlement-fixture';

const run = promisify(execFile);
const MONTH = '2026-10';
const DATE = '2026-10-22';

/** Comma, quote, UTF-8. */
const CSV_UTF8 = 'csv:Text - txt - csv (StarCalc):44,34,76';

type Cells = string[][];

const installed = spawnSync('soffice', ['--version']).status === 0;
const ifInstalled = installed ? test : test.skip; // skipped where LibreOffice is not installed to open the workbook

/** With a profile of its own: another office on the machine neither helps nor hinders. */
async function byLibreOffice(content: Buffer): Promise<Cells> {
  const folder = await mkdtemp(join(tmpdir(), 'sheet-'));
  try {
    const [workbook, profile] = [join(folder, 'told.xlsx'), `-env:UserInstallation=file://${folder}/profile`];
    await writeFile(workbook, content);
    await run('soffice', [profile, '--headless', '--convert-to', CSV_UTF8, '--outdir', folder, workbook]);
    return csvCells(await readFile(join(folder, 'told.csv'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The archive and its XML, read apart from our writer; a cell stands where its reference says. */
function byZip(content: Buffer): Cells {
  const files = readZip(content);
  const part = (name: string) => files.get(name)?.toString('utf8') ?? '';
  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>(.*?)<\/t>.*?<\/si>/gs)].map((m) => m[1]);
  const rows = [...part('xl/worksheets/sheet1.xml').matchAll(/<row[^>]*?(?:\/>|>(.*?)<\/row>)/gs)];
  return rows.map(([, row = '']) => {
    const cells: string[] = [];
    for (const [, column = '', attributes = '', body = ''] of row.matchAll(CELL)) {
      const value = /<v>(.*?)<\/v>/.exec(body)?.[1] ?? '';
      cells[column.charCodeAt(0) - 65] = attributes.includes('t="s"') ? (strings[parseInt(value, 10)] ?? '') : value;
    }
    return Array.from(cells, (cell) => cell ?? '');
  });
}
const CELL = /<c r="([A-Z])\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs;

const csvCells = (text: string): Cells =>
  text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((row) =>
      [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        (quoted ?? plain ?? '').trim(),
      ),
    );

/** Yuan of a cell as fen: `1,234.5` → 123450. */
function fen(cell = ''): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(cell.replaceAll(',', '')) ?? [];
  if (whole === '') throw new Error(`no amount: ${cell}`);
  return String(BigInt(`${sign}${whole}${fraction.padEnd(2, '0')}`));
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('a month’s files as others open them', () => {
  let fixture: SettlementFixture;
  /** By column, from the posted transfers alone. */
  let ledger: Record<string, string>;
  let lines = 0;
  beforeAll(async () => {
    fixture = await settlementFixture({ schedules: [schedule()], plans: [plan()] });
    const cross = { branch: GUANGDONG, acquiringBranch: HUBEI };
    const items = [
      matchedItem('a'),
      matchedItem('b', { amount: '123456', fee: '741', paymentNo: paymentNo(2), channel: 'portal' }),
      matchedItem('c', { amount: '99999900', fee: '599999', paymentNo: paymentNo(3), ...cross }),
      matchedItem('d', { fee: '35', paymentNo: paymentNo(4) }),
      matchedItem('r', { kind: 'refund', amount: '-2001', fee: '0', refNo: 'R1' }),
    ];
    await fixture.settle('run-1', items, DATE);
    await fixture.resolve({
      key: 'k',
      date: DATE,
      itemId: 'd',
      action: 'accept',
      paymentNo: paymentNo(4),
      amount: '5',
    });
    await fixture.assertInvariants();
    ledger = await columnsOf(fixture);
    const told = await fixture.client.call('party_statements.issue', { party: HUBEI, period: MONTH, actor: 'clerk' });
    lines = told.rows.length;
  });
  afterAll(() => fixture.close());

  const file = async (format: 'xlsx' | 'csv' | 'html') => {
    const wanted = { party: HUBEI, period: MONTH, format };
    return Buffer.from((await fixture.client.call('party_statements.get', wanted)).file?.contentBase64 ?? '', 'base64');
  };
  const COLUMNS = [
    ...['principal', 'refunds', 'fees', 'commissionGiven', 'commissionEarned', 'adjustments', 'paid', 'net'],
  ];
  const expectTotals = (cells: Cells) => {
    const total = cells.find(([first]) => first === '合计 Total') ?? [];
    const told = Object.fromEntries(COLUMNS.map((name, i) => [name, fen(total[4 + i])]));
    expect(told).toEqual(ledger);
    expect(total[4 + COLUMNS.length]).toBe(ledger['net']);
    const days = cells.filter(([first = '']) => first.startsWith(`${MONTH}-`));
    expect(days).toHaveLength(lines);
    for (const [i, name] of COLUMNS.entries())
      expect([name, String(days.reduce((sum, row) => sum + BigInt(fen(row[4 + i])), 0n))]).toEqual([
        name,
        ledger[name],
      ]);
  };

  ifInstalled(
    'the workbook opens in LibreOffice, and every column adds up to the ledger’s transfers',
    async () => expectTotals(await byLibreOffice(await file('xlsx'))),
    120_000,
  );

  test('the workbook, taken apart, shows the same', async () => expectTotals(byZip(await file('xlsx'))));

  test('CSV: every column in yuan and in fen is the ledger’s', async () => {
    const [head = [], ...rows] = csvCells((await file('csv')).toString('utf8'));
    const total = rows.at(-1) ?? [];
    const cell = (name: string) => total[head.indexOf(name)];
    expect(Object.fromEntries(COLUMNS.map((name) => [name, cell(`${snake(name)}_fen`)]))).toEqual(ledger);
    expect(Object.fromEntries(COLUMNS.map((name) => [name, fen(cell(`${snake(name)}_yuan`))]))).toEqual(ledger);
    expect(rows).toHaveLength(lines + 1);
  });

  test('the page to print shows the same net', async () => {
    const page = (await file('html')).toString('utf8').replaceAll('−', '-').replaceAll(',', '');
    const yuan = (amount = '') => amount.replace(/(\d\d)$/, '.$1').replace(/^(-?)\./, '$10.');
    for (const name of ['principal', 'refunds', 'fees', 'net']) expect(page).toContain(`>${yuan(ledger[name])}<`);
  });
});

/** What the posted transfers say of a branch, column by column. */
async function columnsOf({ database }: SettlementFixture): Promise<Record<string, string>> {
  const rows = await database.db.select<{ debit: string; credit: string; kind: string; amount: bigint }>(
    'SELECT debit, credit, kind, amount FROM transfer WHERE ? IN (debit, credit)',
    [`due/${HUBEI}`],
  );
  const signed = rows.map((row) => ({
    ...row,
    gives: row.debit === `due/${HUBEI}`,
    sum: row.debit === `due/${HUBEI}` ? -row.amount : row.amount,
  }));
  const of = (wanted: (row: (typeof signed)[number]) => boolean) =>
    String(signed.filter(wanted).reduce((sum, row) => sum + row.sum, 0n));
  const commission = (row: (typeof signed)[number], given: boolean) =>
    (row.kind === 'commission' && row.gives === given) || (row.kind === 'claw_back' && row.gives !== given);
  return {
    principal: of((row) => row.kind === 'principal' && !row.gives),
    refunds: of((row) => row.kind === 'principal' && row.gives),
    fees: of((row) => row.kind === 'fee'),
    commissionGiven: of((row) => commission(row, true)),
    commissionEarned: of((row) => commission(row, false)),
    adjustments: of((row) => row.kind === 'fee_difference'),
    paid: of((row) => row.kind === 'payout' || row.kind === 'returned'),
    net: of(() => true),
  };
}

import type { PartyStatementVersion, StatementRow } from '@yidian/contracts';
import { formatMajor, fromDigits, toJson } from '@yidian/money';
import { stringify } from 'csv-stringify/sync';
import writeExcelFile, { type Cell, type Row } from 'write-excel-file/node';

type Money = Exclude<keyof StatementRow, 'date' | 'provider' | 'channel' | 'count' | 'reference'>;

const MONEY: readonly (readonly [key: Money, zh: string, en: string])[] = [
  ['principal', '本金', 'Principal'],
  ['refunds', '退费', 'Refunds'],
  ['fees', '手续费', 'Fees'],
  ['commissionGiven', '付出酬金', 'Commission given'],
  ['commissionEarned', '应得酬金', 'Commission earned'],
  ['adjustments', '调整', 'Adjustments'],
  ['paid', '已付', 'Paid'],
  ['net', '净额', 'Net'],
];
const BOM = '\uFEFF';

/** What a spreadsheet would take for a formula becomes text. */
const disarm = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
/** Numbers keep all their digits when a tab makes them text. */
const id = (value: string): string => (value === '' ? '' : `${disarm(value)}\t`);

/** The last column stands only where something in the period corrects an earlier one. */
const referenced = <T>(rows: readonly StatementRow[], cells: () => T[]): T[] =>
  rows.some(({ reference }) => reference !== undefined) ? cells() : [];

/** Heads of all our tables of text are written alike. */
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export interface StatementFile {
  name: string;
  contentType: string;
  content: Buffer;
}

/** Rows as they are, then one row of totals: `principal … net` in yuan and in fen. */
export function statementCsv(statement: PartyStatementVersion): StatementFile {
  const { rows, totals } = statement;
  const heads = ['party', 'date', 'provider', 'channel', 'count'];
  const head = [
    ...heads,
    ...MONEY.flatMap(([key]) => [`${snake(key)}_yuan`, `${snake(key)}_fen`]),
    ...referenced(rows, () => ['reference']),
  ];
  const cells = (row: Record<Money, string>) => MONEY.flatMap(([key]) => [formatMajor(fromDigits(row[key])), row[key]]);
  const lines = rows.map((row) => [
    ...[id(statement.party), row.date, disarm(row.provider), disarm(row.channel), String(row.count)],
    ...cells(row),
    ...referenced(rows, () => [disarm(row.reference ?? '')]),
  ]);
  const sum = [
    id(statement.party),
    'total',
    '',
    '',
    String(rows.reduce((n, { count }) => n + count, 0)),
    ...cells(totals),
    ...referenced(rows, () => ['']),
  ];
  const text = stringify([head, ...lines, sum], { record_delimiter: 'windows' });
  return {
    name: `${fileName(statement)}.csv`,
    contentType: 'text/csv; charset=utf-8',
    content: Buffer.from(BOM + text),
  };
}

const text = (value: string): Cell => ({ value: disarm(value), type: String });
const bold = (value: string): Cell => ({ value, type: String, fontWeight: 'bold' });
const fen = (digits: string): Cell => ({ value: toJson(fromDigits(digits)), type: Number, format: '0' });

/** Number cells are doubles by the format's definition: up to 15 digits print back exactly, beyond that the cell is text. */
function yuan(digits: string): Cell {
  const major = formatMajor(fromDigits(digits));
  if (digits.replace('-', '').length > 15) return { value: major, type: String };
  return { value: Number(major), type: Number, format: '#,##0.00' };
}

/** One sheet; the row of totals comes last and shows yuan and, in the column beside the net, exact fen. */
export async function partyXlsx(statement: PartyStatementVersion): Promise<StatementFile> {
  const { totals, rows } = statement;
  const sheet: Row[] = [
    [bold('结算单 Settlement statement')],
    [text('对方 Party'), text(statement.party), text(`${statement.nameZh} ${statement.nameEn}`)],
    [text('期间 Period'), text(statement.period), text('版本 Version'), { value: statement.version, type: Number }],
    [text('状态 State'), text(statement.state), text('异议截止 Dispute until'), text(statement.windowEnds)],
    [bold('期初 Opening'), yuan(totals.opening), fen(totals.opening)],
    [bold('期末 Closing'), yuan(totals.closing), fen(totals.closing)],
    [],
    [
      ...['日期 Date', '机构 Provider', '渠道 Channel', '笔数 Count'].map(bold),
      ...MONEY.map(([, zh, en]) => bold(`${zh} ${en} CNY`)),
      bold('净额 Net fen'),
      ...referenced(rows, () => [bold('调整依据 Adjustment of')]),
    ],
    ...rows.map((row) => [
      ...[text(row.date), text(row.provider), text(row.channel), { value: row.count, type: Number }],
      ...MONEY.map(([key]) => yuan(row[key])),
      fen(row.net),
      ...referenced(rows, () => [text(row.reference ?? '')]),
    ]),
    [
      ...[bold('合计 Total'), text(''), text(''), { value: rows.reduce((n, { count }) => n + count, 0), type: Number }],
      ...MONEY.map(([key]) => yuan(totals[key])),
      fen(totals.net),
    ],
  ];
  const columns = [14, 16, 14, 10, ...MONEY.map(() => 16), 18, 28].map((width) => ({ width }));
  const content = await writeExcelFile(sheet, { sheet: '结算单 Statement', columns }).toBuffer();
  const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return { name: `${fileName(statement)}.xlsx`, contentType, content };
}

export const MONEY_COLUMNS = MONEY;
export const fileName = ({ party, period, version }: PartyStatementVersion): string =>
  `statement-${party.replaceAll(/[^A-Za-z0-9_]/g, '_')}-${period}-v${version}`;

import { stringify } from 'csv-stringify/sync';
import { formatMajor, toDigits } from '@yidian/money';
import { maskRaw, type Break } from '../breaks/break';
import type { Names } from './names';
import { disarm, isNamed, type SheetCell } from './sheet';

const BOM = '\uFEFF';

/** Ids keep all their digits in a spreadsheet when a tab makes them text. */
const id = (value: string): string => (value === '' ? '' : `${disarm(value)}\t`);

const fen = (amount: bigint | null): string => (amount === null ? '' : toDigits(amount));

const COLUMNS: readonly (readonly [head: string, cell: (row: Break) => string])[] = [
  ['break', (row) => id(row.id)],
  ['date', (row) => row.date],
  ['provider', (row) => disarm(row.provider)],
  ['class', (row) => row.class],
  ['row', (row) => row.row_no],
  ['state', (row) => row.state],
  ['at_stake_yuan', (row) => formatMajor(row.at_stake)],
  ['at_stake_fen', (row) => fen(row.at_stake)],
  ['statement_fen', (row) => fen(row.p_amount)],
  ['payment_book_fen', (row) => fen(row.g_amount)],
  ['credit_book_fen', (row) => fen(row.b_amount)],
  ['payment', (row) => id(row.payment_no)],
  ['reference', (row) => id(row.ref_no)],
  ['transaction', (row) => id(row.provider_txn_id)],
  ['branch', (row) => id(row.branch)],
  ['channel', (row) => disarm(row.channel)],
  ['owner', (row) => disarm(row.owner)],
  ['due_on', (row) => row.due_on ?? ''],
  ['suggested', (row) => row.suggested],
  ['resolution', (row) => row.resolved_action ?? ''],
  ['resolved_by', (row) => disarm(row.resolved_by ?? '')],
  ['detail', (row) => disarm(row.resolution_detail ?? '')],
  ['statement_line', (row) => (row.statement_line === null ? '' : String(row.statement_line))],
  ['raw', (row) => disarm(row.raw === null ? '' : maskRaw(row.raw))],
];

/** What the codes are called, behind all columns that programs read. */
const NAMES: readonly (readonly [head: string, cell: (row: Break, names: Names) => SheetCell])[] = [
  ['class', (row, names) => names.word('class', row.class)],
  ['state', (row, names) => names.word('state', row.state)],
  ['provider', (row, names) => names.provider(row.provider)],
  ['branch', (row, names) => names.branch(row.branch)],
  ['suggested', (row, names) => names.word('action', row.suggested)],
];

const wordsOf = (cell: SheetCell): string[] => (isNamed(cell) ? [disarm(cell.zh), disarm(cell.en)] : ['', '']);

/** Amounts are plain decimals of our own making and stay numbers; everything from outside is disarmed. */
export function breaksCsv(breaks: readonly Break[], names: Names): string {
  const heads = [...COLUMNS.map(([head]) => head), ...NAMES.flatMap(([head]) => [`${head}_zh`, `${head}_en`])];
  const rows = breaks.map((row) => [
    ...COLUMNS.map(([, cell]) => cell(row)),
    ...NAMES.flatMap(([, cell]) => wordsOf(cell(row, names))),
  ]);
  return BOM + stringify([heads, ...rows], { record_delimiter: 'windows' });
}

import { divide, fromDecimal } from '@yidian/money';

/** Why one line cannot be taken; a short sentence without values of the line. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Column names as they are compared: without spaces and the unit behind amounts, which stands in full-width brackets. */
export const columnName = (cell: string): string => cell.replace(/\s/g, '').replace(/[(（][+＋\-－−]?元[)）]$/, '');

/** One line under a header: values by column name, however the columns stand. */
export class Cells {
  constructor(
    private readonly columns: ReadonlyMap<string, number>,
    private readonly values: readonly string[],
  ) {}

  /** '' for a column that the file does not have, and for one that is empty. */
  get(name: string): string {
    const index = this.columns.get(name);
    return index === undefined ? '' : (this.values[index] ?? '');
  }

  id(name: string): string {
    const text = this.get(name);
    if (!/^[\x21-\x7e]{0,64}$/.test(text)) throw new Unreadable('an id');
    return text;
  }
}

/** @returns columns by name; null when a name stands there twice, so that nobody can say which one counts */
export function columnsOf(cells: readonly string[]): Map<string, number> | null {
  const columns = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const name = columnName(cell);
    if (name === '') continue;
    if (columns.has(name)) return null;
    columns.set(name, index);
  }
  return columns;
}

/** Texts carry a tab behind them, so that spreadsheets leave long numbers alone. */
export const split = (text: string): string[] => (text.includes('"') ? quoted(text) : text.split(',')).map(clean);

const clean = (cell: string): string => cell.trim().replace(/^[`']/, '').trim();

/** A file that a spreadsheet has saved again. */
const quoted = (text: string): string[] =>
  [...`${text},`.matchAll(/(?:\s*"((?:[^"]|"")*)"\s*|([^,]*)),/g)].map(
    ([, inside, bare]) => inside?.replaceAll('""', '"') ?? bare ?? '',
  );

/** @throws Unreadable when a line has another number of values than the header; empty ones too many say nothing */
export function fitted(values: readonly string[], count: number): readonly string[] {
  if (values.length < count || values.slice(count).some((value) => value !== ''))
    throw new Unreadable('number of fields');
  return values;
}

/** Yuan with decimals → fen; more than fen only where zeros follow. Thousands may be parted by commas in quotes. */
export const fen = (text: string): bigint => fromDecimal(text.replace(/,(?=\d{3}(\D|$))/g, ''), 2);

/** Fees have more decimals than money: rounded half up to fen. */
export function feeFen(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,13})(?:\.(\d{1,8}))?$/.exec(text) ?? [];
  if (whole === '') throw new Unreadable('a fee');
  return divide(BigInt(sign + whole + fraction.padEnd(8, '0')), 1_000_000n);
}

/** Beijing time without a zone. */
export function beijing(text: string): Date {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] = match ?? [];
  const two = (part: string) => part.padStart(2, '0');
  const at = new Date(match ? `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}+08:00` : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new Unreadable('a time');
  return at;
}

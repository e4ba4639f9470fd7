import { divide, parseMajor } from '@yidian/money';

/** Why one line cannot be taken; a short sentence without values of the line. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Column names as they are compared: without the prefix, spaces and the unit behind amounts. */
export const columnName = (cell: string): string => cell.replace(/[(（]元[)）]$/, '').replace(/\s/g, '');

/** One line under a header: values by column name, however the columns stand. */
export class Cells {
  constructor(
    private readonly columns: ReadonlyMap<string, number>,
    /** As they stand there: a line has many values, and few are looked at. */
    private readonly values: readonly string[],
  ) {}

  has(name: string): boolean {
    return this.columns.has(name);
  }

  /** '' for a column that the file does not have, and for one that is empty. */
  get(name: string): string {
    const index = this.columns.get(name);
    return index === undefined ? '' : clean(this.values[index] ?? '');
  }

  /** WeChat Pay writes `0` where an id is absent. */
  id(name: string): string {
    const text = this.get(name);
    if (text === '' || text === '0') return '';
    if (!/^[\x21-\x7e]{1,64}$/.test(text)) throw new Unreadable('an id');
    return text;
  }
}

/** @returns columns by name; null when a name stands there twice, so that nobody can say which one counts */
export function columnsOf(cells: readonly string[]): Map<string, number> | null {
  const names = cells.map((cell) => columnName(clean(cell)));
  while (names.at(-1) === '') names.pop();
  return new Set(names).size === names.length ? new Map(names.map((name, index) => [name, index])) : null;
}

/**
 * Values are parted by commas, each with a backtick before it. Commas in merchants' texts are escaped by WeChat Pay; where
 * one is left all the same, the backticks tell the values apart.
 * @param count values that the header promises
 * @throws Unreadable when the line has another number of values
 */
export function split(text: string, count?: number): string[] {
  const raw = text.startsWith('"') ? quoted(text) : text.split(',');
  if (count === undefined || raw.length === count) return raw;
  const ticked = text.startsWith('`') ? text.split(',`') : [];
  if (ticked.length === count) return ticked;
  const ends = raw.length > count && raw.slice(count).every((cell) => cell.trim() === '');
  if (!ends) throw new Unreadable('number of fields');
  return raw.slice(0, count);
}

/** A file that a spreadsheet has saved again. */
const quoted = (text: string): string[] =>
  [...`${text},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)].map(
    ([, inside, bare]) => inside?.replaceAll('""', '"') ?? bare ?? '',
  );

/** Without what stands around a value: blanks, tabs, the backtick before it. */
export function clean(cell: string): string {
  const text = cell.trim();
  return text.startsWith('`') ? text.slice(1).trim() : text;
}

/** Yuan with decimals → fen; more than fen only where zeros follow. */
export const yuan = (text: string): bigint => parseMajor(text);

/** Fees have up to five decimals: kept exactly, in 10^-8 yuan. */
export function exactYuan(text: string): bigint {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,8}))?$/.exec(text);
  if (!match) throw new Unreadable('a fee');
  const [, sign, whole = '', fraction = ''] = match;
  const exact = BigInt(whole + fraction.padEnd(8, '0'));
  return sign === '-' ? -exact : exact;
}

export const toFen = (exact: bigint): bigint => divide(exact, 1_000_000n);

/** `45`, which some files write as `45.0`. */
export function counted(text: string): number {
  const digits = /^(\d{1,9})(?:\.0+)?$/.exec(text)?.[1];
  if (digits === undefined) throw new Unreadable('a count');
  return Number.parseInt(digits, 10);
}

/** Beijing time without a zone; full-width colons have been seen. */
export function beijing(text: string): Date {
  const plain = text.replaceAll('：', ':').replaceAll('/', '-');
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(plain);
  const at = new Date(match ? `${match[1]}T${match[2]}+08:00` : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new Unreadable('a time');
  return at;
}

import { sqlStored, sqlString, sqlValue } from './sql-text';
import { Kind } from './value-kind';

/**
 * Rows of one table before they are inserted: which columns they use, and what kind of value each holds. A column that is empty in
 * every row is neither sent nor parsed.
 */
type Values = Readonly<Record<string, unknown>>;

export interface RowList {
  readonly table: string;
  readonly rows: readonly Values[];
  /** Members of every row, in their order. */
  readonly names: readonly string[];
  readonly used: readonly boolean[];
  /** Place of the column of hex digits among the names; −1: none. */
  readonly hexAt: number;
  /** Of the used columns. */
  readonly kinds: readonly Kind[];
  /** Whether arrays of its values can be bound: every row has the same members in the same order, every column one kind. */
  readonly even: boolean;
}

/**
 * @param empty what an INSERT that does not name a column leaves in it; null where nothing is said here
 * @param hex the column whose texts are the bytes to be stored, as hex digits
 */
export function rowList(table: string, rows: readonly object[], empty?: Values, hex?: string): RowList {
  const list = rows as readonly Values[];
  const names = Object.keys(list[0] ?? {});
  const leaves = names.map((name) => empty?.[name] ?? null);
  const hexAt = hex === undefined ? -1 : names.indexOf(hex);
  const used = names.map(() => false);
  const kinds = names.map(() => Kind.NOTHING);
  let even = true;
  for (const row of list) {
    let n = 0;
    for (const name in row) {
      const value = row[name];
      if (name !== names[n]) even = false;
      if (value !== leaves[n]) used[n] = true;
      kinds[n] = joined(kinds[n] as Kind, value);
      n++;
    }
    if (n !== names.length) even = false;
  }
  if (!even) return unevenList({ table, rows: list, names, hexAt }, leaves);
  if (hexAt >= 0) kinds[hexAt] = kinds[hexAt] === Kind.TEXT ? Kind.BYTES : Kind.OTHER;
  const ofUsed = kinds.filter((_, n) => used[n]);
  return { table, rows: list, names, used, hexAt, kinds: ofUsed, even: !ofUsed.includes(Kind.OTHER) };
}

/** Members in another order are found by their names. */
function unevenList(list: Pick<RowList, 'table' | 'rows' | 'names' | 'hexAt'>, leaves: readonly unknown[]): RowList {
  const used = list.names.map((name, n) => list.rows.some((row) => row[name] !== leaves[n]));
  return { ...list, used, kinds: [], even: false };
}

function joined(kind: Kind, value: unknown): Kind {
  if (value === null) return kind;
  const own = kindOf(value);
  return kind === own || kind === Kind.NOTHING ? own : Kind.OTHER;
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return Kind.TEXT;
    case 'number':
      return Number.isSafeInteger(value) ? Kind.INTEGER : Kind.OTHER;
    case 'bigint':
    case 'boolean':
      return Kind.INTEGER;
    default:
      if (value instanceof Date) return Kind.TIME;
      return Buffer.isBuffer(value) ? Kind.BYTES : Kind.OTHER;
  }
}

/** The INSERT with a place for each used column, to be prepared. */
export function preparedSql({ table, names, used }: RowList): string {
  const columns = names.filter((_, n) => used[n]);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

export function textSql({ table, names, used, rows, hexAt }: RowList): string {
  const columns = names.filter((_, n) => used[n]);
  const hex = names[hexAt];
  let values = '';
  for (const row of rows) values += (values === '' ? '(' : ',(') + valuesOf(row, columns, hex) + ')';
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`;
}

function valuesOf(row: Values, columns: readonly string[], hex: string | undefined): string {
  let text = '';
  for (const column of columns) {
    const value = row[column];
    text += (text === '' ? '' : ',') + (typeof value === 'string' ? stored(value, column === hex) : sqlValue(value));
  }
  return text;
}

const stored = (text: string, isHex: boolean): string => (isHex ? `x${sqlString(text)}` : sqlStored(text));

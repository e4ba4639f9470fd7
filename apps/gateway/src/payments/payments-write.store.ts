import { sqlStored, sqlValue, type LaneTx } from '@yidian/journal';

/**
 * Tables of which many columns are empty in most rows, and what an INSERT that does not name a column leaves in it (null
 * if nothing is said here): a column that is empty in every row of a batch is neither sent nor parsed.
 */
const SPARSE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  payment: { refunded: 0n, currency: 'CNY', provider_txn_id: '', late: 0, tries: 0 },
};

/** Members of a row are columns of its table. */
export function insert(tx: LaneTx, table: string, rows: readonly object[]): void {
  const list = rows as readonly Readonly<Record<string, unknown>>[];
  const first = list[0];
  if (!first) return;
  const all = Object.keys(first);
  const empty = SPARSE[table];
  const columns = empty ? all.filter((column) => !holds(list, column, empty[column] ?? null)) : all;
  let values = '';
  for (const row of list) values += (values === '' ? '(' : ',(') + valuesOf(row, columns) + ')';
  tx.write({ sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}` }, list.length);
}

function valuesOf(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string {
  let text = '';
  for (const column of columns) {
    const value = row[column];
    text += (text === '' ? '' : ',') + (typeof value === 'string' ? sqlStored(value) : sqlValue(value));
  }
  return text;
}

function holds(rows: readonly Readonly<Record<string, unknown>>[], column: string, value: unknown): boolean {
  for (const row of rows) if (row[column] !== value) return false;
  return true;
}

interface Change {
  key: unknown;
  now: Readonly<Record<string, unknown>>;
}

/** Rows of one day that leave the same state by changes to the same columns: one statement. */
interface Moves {
  day: unknown;
  from: unknown;
  columns: readonly string[];
  rows: Change[];
}

/**
 * Writes only what changed, and only if nobody else has moved the row: the state it was loaded in is part of the
 * condition, and every row must match. One statement per kind of move, not per row.
 */
export function update(
  tx: LaneTx,
  table: string,
  key: string,
  rows: Iterable<object>,
  before: ReadonlyMap<object, Readonly<Record<string, unknown>>>,
): void {
  const moves = new Map<string, Moves>();
  for (const row of rows) {
    const old = before.get(row);
    if (!old) throw new Error(`a changed row of ${table} was never loaded`);
    const now = row as Readonly<Record<string, unknown>>;
    const columns = Object.keys(old).filter((column) => differs(old[column], now[column]));
    if (columns.length === 0) continue;
    const name = `${String(old['day'])} ${String(old['state'])} ${columns.join()}`;
    const move = moves.get(name) ?? { day: old['day'], from: old['state'], columns, rows: [] };
    move.rows.push({ key: old[key], now });
    moves.set(name, move);
  }
  for (const move of moves.values()) writeMoves(tx, table, key, move);
}

/** Times of one batch are the same moment in different objects. */
const differs = (a: unknown, b: unknown): boolean =>
  a !== b && !(a instanceof Date && b instanceof Date && a.getTime() === b.getTime());

function writeMoves(tx: LaneTx, table: string, key: string, { day, from, columns, rows }: Moves): void {
  const params: unknown[] = [];
  const sets = columns.map((column) => {
    const first = rows[0]?.now[column];
    if (rows.every((row) => !differs(row.now[column], first))) {
      params.push(first);
      return `${column} = ?`;
    }
    for (const row of rows) params.push(row.key, row.now[column]);
    return `${column} = CASE ${key}${' WHEN ? THEN ?'.repeat(rows.length)} END`;
  });
  const sql = `UPDATE ${table} FORCE INDEX (PRIMARY) SET ${sets.join(', ')} WHERE ${key} IN (?) AND day = ? AND state = ?`;
  tx.write({ sql, params: [...params, rows.map((row) => row.key), day, from] }, rows.length);
}

import { sqlString, sqlValue, type LaneTx } from '@yidian/journal';

/**
 * Tables of which many columns are empty in most rows, and what an INSERT that does not name a column leaves in it (null
 * if nothing is said here): a column that is empty in every row of a batch is neither sent nor parsed.
 */
const SPARSE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  payment: { refunded: 0n, currency: 'CNY', provider_txn_id: '', late: 0, tries: 0 },
};

/** Members of a row are columns of its table. */
export function insert(tx: LaneTx, table: string, rows: readonly object[]): void {
  tx.insert(table, rows, SPARSE[table]);
}

interface Change {
  key: string;
  now: Readonly<Record<string, unknown>>;
}

/** Rows that leave alike and change the same columns: one statement. */
interface Moves {
  /** Columns by which a row is still the one that was loaded, and their values. */
  from: ReadonlyMap<string, unknown>;
  columns: readonly string[];
  adopted: boolean;
  rows: Change[];
}

const LOADED_BY: readonly string[] = ['day', 'state'];
const ADOPTED_BY: readonly string[] = ['day', 'state', 'credit_state', 'version', 'tries'];
const NONE: ReadonlySet<object> = new Set();

/**
 * Writes only what changed, and only if nobody else has moved the row: the state it was loaded in is part of the
 * condition, and every row must match. One statement per kind of move, not per row.
 * @param adopted rows that were not read: the condition holds all that tells whether they have moved
 */
export function update(
  tx: LaneTx,
  table: string,
  key: string,
  rows: Iterable<object>,
  before: ReadonlyMap<object, Readonly<Record<string, unknown>>>,
  adopted = NONE,
): void {
  const moves = new Map<string, Moves>();
  for (const row of rows) {
    const old = before.get(row);
    if (!old) throw new Error(`a changed row of ${table} was never loaded`);
    const now = row as Readonly<Record<string, unknown>>;
    const columns = Object.keys(old).filter((column) => differs(old[column], now[column]));
    if (columns.length === 0) continue;
    const isAdopted = adopted.has(row);
    const by = isAdopted ? ADOPTED_BY : LOADED_BY;
    const name = `${by.map((column) => String(old[column])).join(' ')} ${columns.join()}`;
    let move = moves.get(name);
    if (!move) {
      move = { from: new Map(by.map((column) => [column, old[column]])), columns, adopted: isAdopted, rows: [] };
      moves.set(name, move);
    }
    move.rows.push({ key: String(old[key]), now });
  }
  for (const move of moves.values()) writeMoves(tx, table, key, move);
}

/** Times of one batch are the same moment in different objects. */
const differs = (a: unknown, b: unknown): boolean =>
  a !== b && !(a instanceof Date && b instanceof Date && a.getTime() === b.getTime());

function writeMoves(tx: LaneTx, table: string, key: string, { from, columns, adopted, rows }: Moves): void {
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  const sets = columns.map((column) => {
    const first = rows[0]?.now[column];
    const same = rows.every((row) => !differs(row.now[column], first));
    return `${column} = ${same ? sqlValue(first) : ownValue(key, column, rows, 0, rows.length)}`;
  });
  const where = [...from].map(([column, value]) => `${column} = ${sqlValue(value)}`).join(' AND ');
  const keys = rows.map((row) => sqlString(row.key)).join();
  const sql = `UPDATE ${table} FORCE INDEX (PRIMARY) SET ${sets.join(', ')} WHERE ${key} IN (${keys}) AND ${where}`;
  if (adopted) tx.writeIfUnmoved({ sql }, rows.length);
  else tx.write({ sql }, rows.length);
}

/** Each row's own value, found by halving: a CASE is walked from its top for every row. Rows are sorted by key. */
function ownValue(key: string, column: string, rows: readonly Change[], low: number, high: number): string {
  const middle = (low + high) >> 1;
  const row = rows[middle];
  if (!row || high - low === 1) return sqlValue(rows[low]?.now[column]);
  const halves = [ownValue(key, column, rows, low, middle), ownValue(key, column, rows, middle, high)];
  return `IF(${key} < ${sqlString(row.key)}, ${halves[0]}, ${halves[1]})`;
}

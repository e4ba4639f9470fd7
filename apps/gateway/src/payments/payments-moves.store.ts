import { sqlString, sqlValue, type LaneTx } from '@yidian/journal';
import { changesOf, columnsOf, sameTime } from './payment-changes';
import type { PaymentRow } from './payment.rows';

type Columns = Readonly<Record<string, unknown>>;

interface Change {
  key: string;
  now: Columns;
}

/** Rows that leave alike and change the same columns: one statement. */
interface Moves {
  /** Columns by which a row is still the one that was loaded, and their values. */
  from: readonly (readonly [column: string, value: unknown])[];
  columns: readonly string[];
  adopted: boolean;
  rows: Change[];
}

interface PaymentMoves extends Moves {
  old: PaymentRow;
  changes: number;
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
  before: ReadonlyMap<object, Columns>,
): void {
  const moves = new Map<string, Moves>();
  for (const row of rows) {
    const old = before.get(row);
    if (!old) throw new Error(`a changed row of ${table} was never loaded`);
    const now = row as Columns;
    const columns = Object.keys(old).filter((column) => differs(old[column], now[column]));
    if (columns.length === 0) continue;
    const name = `${String(old['day'])} ${String(old['state'])} ${columns.join()}`;
    let move = moves.get(name);
    if (!move) {
      const from = [['day', old['day']] as const, ['state', old['state']] as const];
      moves.set(name, (move = { from, columns, adopted: false, rows: [] }));
    }
    move.rows.push({ key: String(old[key]), now });
  }
  for (const move of moves.values()) writeMoves(tx, table, key, move);
}

/**
 * The same for payments, which move by the thousand, and mostly alike.
 * @param adopted rows that were not read: the condition holds all that tells whether they have moved
 */
export function updatePayments(
  tx: LaneTx,
  rows: Iterable<PaymentRow>,
  before: ReadonlyMap<object, Columns>,
  adopted: ReadonlySet<object>,
): void {
  const moves: PaymentMoves[] = [];
  for (const row of rows) {
    const old = before.get(row) as PaymentRow | undefined;
    if (!old) throw new Error('a changed payment was never loaded');
    const changes = changesOf(old, row);
    if (changes === 0) continue;
    const isAdopted = adopted.has(row);
    let move = moves.find((one) => isAlike(one, old, changes, isAdopted));
    if (!move) {
      const columns = columnsOf(changes);
      moves.push((move = { old, changes, from: fromOf(old, isAdopted), columns, adopted: isAdopted, rows: [] }));
    }
    move.rows.push({ key: old.payment_no, now: row as unknown as Columns });
  }
  for (const move of moves) writeMoves(tx, 'payment', 'payment_no', move);
}

const isAlike = (move: PaymentMoves, old: PaymentRow, changes: number, adopted: boolean): boolean =>
  move.changes === changes &&
  move.adopted === adopted &&
  move.old.state === old.state &&
  move.old.day === old.day &&
  (!adopted ||
    (move.old.credit_state === old.credit_state && move.old.version === old.version && move.old.tries === old.tries));

function fromOf(old: PaymentRow, adopted: boolean): Moves['from'] {
  const loaded = [['day', old.day] as const, ['state', old.state] as const];
  if (!adopted) return loaded;
  return [...loaded, ['credit_state', old.credit_state], ['version', old.version], ['tries', old.tries]];
}

const differs = (a: unknown, b: unknown): boolean =>
  a !== b && !(a instanceof Date && b instanceof Date && sameTime(a, b));

function writeMoves(tx: LaneTx, table: string, key: string, { from, columns, adopted, rows }: Moves): void {
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  const sets = columns.map((column) => {
    const first = rows[0]?.now[column];
    const same = rows.every((row) => !differs(row.now[column], first));
    return `${column} = ${same ? sqlValue(first) : ownValue(key, column, rows, 0, rows.length)}`;
  });
  const where = from.map(([column, value]) => `${column} = ${sqlValue(value)}`).join(' AND ');
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

import type { Queryable, Row } from '@yidian/database';
import { Rendered, sqlStored, sqlString, sqlTime, type LaneTx, type Statement } from '@yidian/journal';
import type { AccountStatus, ExpiredHold, Outcome, PostingKey } from './posting';

/**
 * FORCE INDEX(PRIMARY) on every statement that takes a list: with stale statistics the optimiser would scan the table, and
 * an UPDATE that scans waits for other lanes' rows. Lists stay under 1,000: MariaDB turns longer ones into a join.
 */
const LONGEST_LIST = 900;

export interface AccountRow extends Row {
  id: string;
  currency: string;
  floor: bigint;
  ceiling: bigint;
  balance: bigint;
  slack: bigint;
  status: AccountStatus;
}

export interface PostingRow extends Row {
  key_day: string;
  k: string;
  outcome: Outcome;
  reason: string;
  actor: string;
  /** 64 hex digits. */
  input_hash: string;
  input: string;
  balances: string;
  lane_id: number;
  batch_no: bigint;
  n: number;
  at: Date;
}

export interface TransferRow extends Row {
  lane_id: number;
  batch_no: bigint;
  n: number;
  day: string;
  k: string;
  debit: string;
  credit: string;
  amount: bigint;
  currency: string;
  kind: string;
  refers_to: string;
  forced: number;
  at: Date;
}

export interface AccountChange {
  id: string;
  delta: bigint;
  /** Undefined: as it was. */
  slack?: bigint | undefined;
  status?: AccountStatus | undefined;
}

export interface PartChange {
  id: string;
  currency: string;
  delta: bigint;
}

export interface AccountCreation extends AccountRow {
  kind: string;
}

const POSTING_COLUMNS = 'key_day, k, actor, input_hash, input, balances, lane_id, batch_no, n, at, outcome, reason';
const READ_POSTING = POSTING_COLUMNS.replace('input_hash', 'LOWER(HEX(input_hash)) AS input_hash');
const TRANSFER_COLUMNS = 'lane_id, batch_no, n, day, k, debit, credit, amount, kind, at, currency, refers_to, forced';

/** Locks the accounts in the order of their ids, so that two lanes never wait for each other in a ring. */
export function lockAccounts(ids: readonly string[]): Statement[] {
  return chunks(ids).map((list) => ({
    sql: `SELECT id, currency, floor, ceiling, balance, slack, status FROM account FORCE INDEX(PRIMARY)
      WHERE id IN (?) ORDER BY id FOR UPDATE`,
    params: [list],
  }));
}

export function lookUpKeys(keys: readonly PostingKey[]): Statement[] {
  const days = new Map<string, Set<string>>();
  for (const { key, keyDay } of keys) days.set(keyDay, (days.get(keyDay) ?? new Set<string>()).add(key));
  return [...days].flatMap(([day, set]) =>
    chunks([...set]).map((list) => ({
      sql: `SELECT ${READ_POSTING} FROM posting FORCE INDEX(PRIMARY) WHERE key_day = ? AND k IN (?)`,
      params: [day, list],
    })),
  );
}

const isPlainPosting = ({ outcome, reason }: PostingRow): boolean => outcome === 'posted' && reason === '';

const isPlainTransfer = ({ currency, refers_to, forced }: TransferRow): boolean =>
  currency === 'CNY' && refers_to === '' && forced === 0;

/** The row as SQL: what the batch hash covers. What most rows have alike is left out, as it is in the INSERT. */
export function postingSql(row: PostingRow): string {
  const input = `${sqlString(row.actor)},x'${row.input_hash}',${sqlStored(row.input)},${sqlStored(row.balances)}`;
  const place = `${row.lane_id},${row.batch_no},${row.n},${sqlTime(row.at)}`;
  const rest = isPlainPosting(row) ? '' : `,${sqlString(row.outcome)},${sqlString(row.reason)}`;
  return `(${sqlString(row.key_day)},${sqlString(row.k)},${input},${place}${rest})`;
}

export function transferSql(row: TransferRow): string {
  const place = `${row.lane_id},${row.batch_no},${row.n},${sqlString(row.day)},${sqlString(row.k)}`;
  const ends = `${sqlStored(row.debit)},${sqlStored(row.credit)},${row.amount}`;
  const { currency, refers_to, forced } = row;
  const rest = isPlainTransfer(row) ? '' : `,${sqlString(currency)},${sqlString(refers_to)},${forced}`;
  return `(${place},${ends},${sqlString(row.kind)},${sqlTime(row.at)}${rest})`;
}

/** The tables' defaults. */
const PLAIN_POSTING = { outcome: 'posted', reason: '' };
const PLAIN_TRANSFER = { currency: 'CNY', refers_to: '', forced: 0 };

/** Sorted: two lanes meet keys in one order, and neighbours in a page are written together. */
export function insertPostings(tx: LaneTx, rows: PostingRow[]): void {
  rows.sort((a, b) => compare(a.key_day, b.key_day) || compare(a.k, b.k));
  tx.insert('posting', rows, PLAIN_POSTING, 'input_hash');
  for (const row of rows) tx.hash(postingSql(row));
}

export function insertTransfers(tx: LaneTx, rows: readonly TransferRow[]): void {
  tx.insert('transfer', rows, PLAIN_TRANSFER);
  for (const row of rows) tx.hash(transferSql(row));
}

export function insertAccounts(accounts: readonly AccountCreation[]): Statement {
  const values = [...accounts]
    .sort((a, b) => compare(a.id, b.id))
    .map((one) => [one.id, one.kind, one.currency, one.floor, one.ceiling, one.balance, one.slack, 1]);
  return {
    sql: 'INSERT INTO account (id, kind, currency, floor, ceiling, balance, slack, version) VALUES ?',
    params: [values],
  };
}

/**
 * Every account that decided anything is written, also when it only refused: where locks are local to a node, first
 * committer wins catches what the lock did not. One UPDATE for all: an upsert would CHECK the inserted delta.
 */
export function updateAccounts(changes: readonly AccountChange[]): { statement: Statement; rows: number }[] {
  const sorted = [...changes].sort((a, b) => compare(a.id, b.id));
  return chunks(sorted).map((list) => ({ statement: updateList(list), rows: list.length }));
}

/** Slack moves only when a forced transfer passes a limit or a balance comes back from there: a second CASE costs as much as the first. */
function updateList(list: readonly AccountChange[]): Statement {
  const moved = list.some((one) => one.delta !== 0n);
  const slack = list.flatMap((one) => (one.slack === undefined ? [] : [when(one.id, one.slack)]));
  const status = list.flatMap((one) => (one.status === undefined ? [] : [when(one.id, sqlString(one.status))]));
  const sets = [
    ...(moved ? [`balance = balance + ${deltaOf(list, 0, list.length)}`] : []),
    ...(slack.length > 0 ? [`slack = CASE id ${slack.join(' ')} ELSE slack END`] : []),
    ...(status.length > 0 ? [`status = CASE id ${status.join(' ')} ELSE status END`] : []),
    'version = version + 1',
  ];
  const ids = list.map((one) => one.id);
  return {
    sql: `UPDATE account FORCE INDEX(PRIMARY) SET ? WHERE id IN (?)`,
    params: [new Rendered(sets.join(', ')), ids],
  };
}

/**
 * Each account's own delta, found by halving: a CASE is walked from its top for every row. The list is sorted as the column is
 * (lanes assert its collation), and every row of the UPDATE is in the list.
 */
function deltaOf(list: readonly AccountChange[], low: number, high: number): string {
  const middle = (low + high) >> 1;
  const right = list[middle];
  if (!right || high - low === 1) return String(list[low]?.delta ?? 0n);
  return `IF(id < ${sqlString(right.id)}, ${deltaOf(list, low, middle)}, ${deltaOf(list, middle, high)})`;
}

export function addParts(slot: number, parts: readonly PartChange[]): Statement {
  const values = [...parts].sort((a, b) => compare(a.id, b.id)).map((one) => [one.id, one.currency, slot, one.delta]);
  return {
    sql: `INSERT INTO account_part (account_id, currency, slot, balance) VALUES ?
      ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)`,
    params: [values],
  };
}

/** The list of holds that will be over: derived from postings, kept for the sweep alone. */
export const insertDue = (holds: readonly ExpiredHold[]): Statement => ({
  sql: 'INSERT INTO hold_due (expires_at, key_day, k) VALUES ?',
  params: [holds.map((hold) => [hold.expiresAt, hold.keyDay, hold.key])],
});

/** By its whole key: a list of row values would scan. */
export const deleteDue = ({ expiresAt, keyDay, key }: ExpiredHold): Statement => ({
  sql: 'DELETE FROM hold_due WHERE expires_at = ? AND key_day = ? AND k = ?',
  params: [expiresAt, keyDay, key],
});

export async function holdsDue(db: Queryable, limit: number): Promise<ExpiredHold[]> {
  const rows = await db.select<{ expires_at: Date; key_day: string; k: string }>(
    'SELECT expires_at, key_day, k FROM hold_due WHERE expires_at <= NOW(3) ORDER BY expires_at, key_day, k LIMIT ?',
    [limit],
  );
  return rows.map((row) => ({ key: row.k, keyDay: row.key_day, expiresAt: row.expires_at }));
}

export async function databaseTime(db: Queryable): Promise<Date> {
  const [row] = await db.select<{ now: Date }>('SELECT NOW(3) AS now');
  if (!row) throw new Error('the database has no clock');
  return row.now;
}

export async function storedPostings(db: Queryable, keys: readonly PostingKey[]): Promise<PostingRow[]> {
  const rows: PostingRow[] = [];
  for (const { sql, params } of lookUpKeys(keys)) rows.push(...(await db.select<PostingRow>(sql, params)));
  return rows;
}

export async function storedBalances(db: Queryable, accounts: readonly string[]): Promise<Map<string, bigint>> {
  const balances = new Map<string, bigint>();
  for (const list of chunks(accounts)) {
    const rows = await db.select<{ id: string; total: string }>(
      `SELECT id, SUM(balance) AS total FROM (
         SELECT id, balance FROM account FORCE INDEX(PRIMARY) WHERE id IN (?)
         UNION ALL
         SELECT account_id, balance FROM account_part FORCE INDEX(PRIMARY) WHERE account_id IN (?)) every GROUP BY id`,
      [list, list],
    );
    for (const row of rows) balances.set(row.id, BigInt(row.total));
  }
  return balances;
}

export function postingsOfBatches(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<PostingRow[]> {
  const sql = `SELECT ${READ_POSTING} FROM posting FORCE INDEX(posting_batch)
    WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`;
  return db.select<PostingRow>(sql, [laneId, from, to]);
}

/** The transfers of one posting, in their order. */
export function transfersOf(db: Queryable, { lane_id, batch_no, k }: PostingRow): Promise<TransferRow[]> {
  const sql = `SELECT ${TRANSFER_COLUMNS} FROM transfer WHERE lane_id = ? AND batch_no = ? AND k = ? ORDER BY n`;
  return db.select<TransferRow>(sql, [lane_id, batch_no, k]);
}

export function transfersOfBatches(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<TransferRow[]> {
  const sql = `SELECT ${TRANSFER_COLUMNS} FROM transfer FORCE INDEX(PRIMARY)
    WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`;
  return db.select<TransferRow>(sql, [laneId, from, to]);
}

const when = (id: string, sql: bigint | string): string => `WHEN ${sqlString(id)} THEN ${sql}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function chunks<T>(list: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += LONGEST_LIST) parts.push(list.slice(from, from + LONGEST_LIST));
  return parts;
}

import type { Queryable, Row } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import type { Outcome, PostingKey } from './posting';

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
}

export interface PostingRow extends Row {
  key_day: string;
  k: string;
  outcome: Outcome;
  reason: string;
  actor: string;
  input_hash: Buffer;
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
  slack: bigint;
}

export interface PartChange {
  id: string;
  currency: string;
  delta: bigint;
}

export interface AccountCreation extends AccountRow {
  kind: string;
}

const POSTING_COLUMNS = 'key_day, k, outcome, reason, actor, input_hash, input, balances, lane_id, batch_no, n, at';
const TRANSFER_COLUMNS = 'lane_id, batch_no, n, day, k, debit, credit, amount, currency, kind, refers_to, forced, at';

/** Locks the accounts in the order of their ids, so that two lanes never wait for each other in a ring. */
export function lockAccounts(ids: readonly string[]): Statement[] {
  return chunks(ids).map((list) => ({
    sql: `SELECT id, currency, floor, ceiling, balance, slack FROM account FORCE INDEX(PRIMARY)
      WHERE id IN (?) ORDER BY id FOR UPDATE`,
    params: [list],
  }));
}

export function lookUpKeys(keys: readonly PostingKey[]): Statement[] {
  const days = new Map<string, Set<string>>();
  for (const { key, keyDay } of keys) days.set(keyDay, (days.get(keyDay) ?? new Set<string>()).add(key));
  return [...days].flatMap(([day, set]) =>
    chunks([...set]).map((list) => ({
      sql: `SELECT ${POSTING_COLUMNS} FROM posting FORCE INDEX(PRIMARY) WHERE key_day = ? AND k IN (?)`,
      params: [day, list],
    })),
  );
}

export function insertPostings(rows: readonly PostingRow[]): Statement {
  const sorted = [...rows].sort((a, b) => compare(a.key_day + a.k, b.key_day + b.k));
  const values = sorted.map((row) => [
    row.key_day,
    row.k,
    row.outcome,
    row.reason,
    row.actor,
    row.input_hash,
    row.input,
    row.balances,
    row.lane_id,
    row.batch_no,
    row.n,
    row.at,
  ]);
  return { sql: `INSERT INTO posting (${POSTING_COLUMNS}) VALUES ?`, params: [values] };
}

export function insertTransfers(rows: readonly TransferRow[]): Statement {
  const values = rows.map((row) => [
    row.lane_id,
    row.batch_no,
    row.n,
    row.day,
    row.k,
    row.debit,
    row.credit,
    row.amount,
    row.currency,
    row.kind,
    row.refers_to,
    row.forced,
    row.at,
  ]);
  return { sql: `INSERT INTO transfer (${TRANSFER_COLUMNS}) VALUES ?`, params: [values] };
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
  return chunks(sorted).map((list) => ({
    statement: {
      sql: `UPDATE account FORCE INDEX(PRIMARY) SET balance = balance + CASE id ${cases(list)} ELSE 0 END,
        slack = CASE id ${cases(list)} ELSE slack END, version = version + 1 WHERE id IN (?)`,
      params: [
        ...list.flatMap((one) => [one.id, one.delta]),
        ...list.flatMap((one) => [one.id, one.slack]),
        list.map((one) => one.id),
      ],
    },
    rows: list.length,
  }));
}

export function addParts(slot: number, parts: readonly PartChange[]): Statement {
  const values = [...parts].sort((a, b) => compare(a.id, b.id)).map((one) => [one.id, one.currency, slot, one.delta]);
  return {
    sql: `INSERT INTO account_part (account_id, currency, slot, balance) VALUES ?
      ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)`,
    params: [values],
  };
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
         SELECT id, balance FROM account WHERE id IN (?)
         UNION ALL SELECT account_id, balance FROM account_part WHERE account_id IN (?)) every GROUP BY id`,
      [list, list],
    );
    for (const row of rows) balances.set(row.id, BigInt(row.total));
  }
  return balances;
}

export function postingsOfBatches(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<PostingRow[]> {
  const sql = `SELECT ${POSTING_COLUMNS} FROM posting WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`;
  return db.select<PostingRow>(sql, [laneId, from, to]);
}

/** The transfers of one posting, in their order. */
export function transfersOf(db: Queryable, { lane_id, batch_no, k }: PostingRow): Promise<TransferRow[]> {
  const sql = `SELECT ${TRANSFER_COLUMNS} FROM transfer WHERE lane_id = ? AND batch_no = ? AND k = ? ORDER BY n`;
  return db.select<TransferRow>(sql, [lane_id, batch_no, k]);
}

export function transfersOfBatches(db: Queryable, laneId: number, from: bigint, to: bigint): Promise<TransferRow[]> {
  const sql = `SELECT ${TRANSFER_COLUMNS} FROM transfer WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`;
  return db.select<TransferRow>(sql, [laneId, from, to]);
}

const cases = (list: readonly AccountChange[]): string => list.map(() => 'WHEN ? THEN ?').join(' ');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function chunks<T>(list: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += LONGEST_LIST) parts.push(list.slice(from, from + LONGEST_LIST));
  return parts;
}

import { Readable } from 'node:stream';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { canonicalText } from '@yidian/ledger';
import { AMOUNT, cash, DAY, paymentNo, promiseOf, receivable, BRANCHES } from './workload';

/**
 * Fills the ledger as a year of top-ups would: postings, their transfers, and balances that are the sums of them. Loaded
 * with LOAD DATA past the binlog; the rows lie on no lane, so the hash chains begin with what is measured.
 */
const CHUNK = 50_000;
const LOADED_RUN = 0;
const LANE = 0;

export async function loadLedger(
  url: string,
  rows: number,
  accounts: number,
  progress: (done: number) => void,
): Promise<void> {
  const connections = await Promise.all([loader(url), loader(url)]);
  const [first, second] = connections;
  try {
    await loadAccounts(first, rows, accounts);
    let done = 0;
    const told = (count: number) => progress((done += count) / 2);
    await Promise.all([loadPostings(first, rows, accounts, told), loadTransfers(second, rows, accounts, told)]);
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}

async function loader(url: string): Promise<mysql.Connection> {
  const connection = await mysql.createConnection({ ...connectionOptions(url), flags: ['LOCAL_FILES'] });
  await connection.query('SET SESSION sql_log_bin = 0, unique_checks = 0, foreign_key_checks = 0');
  return connection;
}

async function loadAccounts(connection: mysql.Connection, rows: number, accounts: number): Promise<void> {
  const balance = (account: number) =>
    AMOUNT * BigInt(Math.floor(rows / accounts) + (account < rows % accounts ? 1 : 0));
  const owed = new Map<string, bigint>();
  await load(
    connection,
    'account (id, kind, currency, floor, ceiling, balance, slack, version)',
    lines(0, accounts, (n) => {
      owed.set(receivable(n), (owed.get(receivable(n)) ?? 0n) - balance(n));
      return `${cash(n)}\tcash\tCNY\t0\t1000000000000000000\t${balance(n)}\t0\t1\n`;
    }),
  );
  const parts = Array.from({ length: BRANCHES }, (_, n) => [receivable(n), 'CNY', 0, owed.get(receivable(n)) ?? 0n]);
  await connection.query('INSERT INTO account_part (account_id, currency, slot, balance) VALUES ?', [parts]);
}

async function loadPostings(
  connection: mysql.Connection,
  rows: number,
  accounts: number,
  told: (count: number) => void,
): Promise<void> {
  const columns =
    'posting (key_day, k, outcome, reason, actor, @h, input, balances, lane_id, batch_no, n, at) SET input_hash = UNHEX(@h)';
  const hash = 'ab'.repeat(32);
  for (let from = 0; from < rows; from += CHUNK) {
    const to = Math.min(rows, from + CHUNK);
    const text = lines(from, to, (n) => {
      const account = n % accounts;
      const balances = `{"${cash(account)}":"${AMOUNT}"}`;
      const input = canonicalText(promiseOf(account));
      return `${DAY}\t${paymentNo(LOADED_RUN, n)}\tposted\t\tgateway\t${hash}\t${input}\t${balances}\t${LANE}\t${Math.floor(n / 100)}\t1\t${AT}\n`;
    });
    await load(connection, columns, text);
    told(to - from);
  }
}

async function loadTransfers(
  connection: mysql.Connection,
  rows: number,
  accounts: number,
  told: (count: number) => void,
): Promise<void> {
  const columns =
    'transfer (lane_id, batch_no, n, day, k, debit, credit, amount, currency, kind, refers_to, forced, at)';
  for (let from = 0; from < rows; from += CHUNK) {
    const to = Math.min(rows, from + CHUNK);
    const text = lines(from, to, (n) => {
      const account = n % accounts;
      const place = `${LANE}\t${Math.floor(n / 100)}\t${n % 100}\t${DAY}\t${paymentNo(LOADED_RUN, n)}`;
      return `${place}\t${receivable(account)}\t${cash(account)}\t${AMOUNT}\tCNY\ttopup\t\t0\t${AT}\n`;
    });
    await load(connection, columns, text);
    told(to - from);
  }
}

const AT = `${DAY} 00:00:00.000`;

async function load(connection: mysql.Connection, into: string, text: Iterable<Buffer>): Promise<void> {
  const [table = '', ...columns] = into.split(' ');
  await connection.query({
    sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 ${columns.join(' ')}`,
    infileStreamFactory: () => Readable.from(text),
  });
}

/** In pieces that fill a packet. */
function* lines(from: number, to: number, line: (n: number) => string): Generator<Buffer> {
  const PIECE = 500;
  for (let at = from; at < to; at += PIECE) {
    let text = '';
    for (let n = at; n < Math.min(to, at + PIECE); n++) text += line(n);
    yield Buffer.from(text);
  }
}

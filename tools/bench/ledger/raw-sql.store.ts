import { hash } from 'node:crypto';
import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { AMOUNT, cash, DAY, promiseOf, receivable } from './workload';

/**
 * What a careful service does without batching: one transaction per top-up on mysql2, on the very tables of the door.
 * Each connection has a balance row of its own for the branch (account_part), so that connections never wait for each
 * other there; statements are short, keys are primary keys, the account is locked by id.
 */
export type RawStyle = 'statements' | 'packets';

export class RawTopups {
  private readonly free: RawConnection[] = [];
  private readonly waiting: ((connection: RawConnection) => void)[] = [];

  private constructor(private readonly connections: readonly RawConnection[]) {
    this.free.push(...connections);
  }

  static async open(url: string, size: number, run: number): Promise<RawTopups> {
    const slots = Array.from({ length: size }, (_, slot) => slot);
    return new RawTopups(await Promise.all(slots.map((slot) => RawConnection.open(url, slot, run))));
  }

  async topup(style: RawStyle, key: string, account: number): Promise<void> {
    const connection = this.free.pop() ?? (await new Promise<RawConnection>((resolve) => this.waiting.push(resolve)));
    try {
      await (style === 'packets' ? connection.inPackets(key, account) : connection.byStatements(key, account));
    } finally {
      const next = this.waiting.shift();
      if (next) next(connection);
      else this.free.push(connection);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }
}

const FIND = 'SELECT input_hash, outcome, balances FROM posting WHERE key_day = ? AND k = ?';
const LOCK = 'SELECT balance, floor, ceiling FROM account WHERE id = ? FOR UPDATE';
const POSTING = `INSERT INTO posting (key_day, k, outcome, reason, actor, input_hash, input, balances, lane_id, batch_no, n, at)
  VALUES (?, ?, 'posted', '', 'gateway', ?, ?, ?, ?, ?, 1, NOW(3))`;
const TRANSFER = `INSERT INTO transfer (lane_id, batch_no, n, day, k, debit, credit, amount, currency, kind, refers_to, forced, at)
  VALUES (?, ?, 0, ?, ?, ?, ?, ?, 'CNY', 'topup', '', 0, NOW(3))`;
const BALANCE = 'UPDATE account SET balance = balance + ?, version = version + 1 WHERE id = ?';
const PART = `INSERT INTO account_part (account_id, currency, slot, balance) VALUES (?, 'CNY', ?, ?)
  ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)`;

interface AccountRow extends mysql.RowDataPacket {
  balance: string;
  floor: string;
  ceiling: string;
}

class RawConnection {
  private serial = 0;

  private constructor(
    private readonly connection: mysql.Connection,
    private readonly slot: number,
    /** Transfers are numbered per connection and run: (−run, slot + serial). */
    private readonly run: number,
  ) {}

  static async open(url: string, slot: number, run: number): Promise<RawConnection> {
    // Digits as strings: the binary protocol of prepared statements knows no typeCast of text.
    const numbers = { typeCast: true, bigNumberStrings: true };
    const connection = await mysql.createConnection({
      ...connectionOptions(url),
      ...numbers,
      multipleStatements: true,
    });
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    return new RawConnection(connection, slot, run);
  }

  async byStatements(key: string, account: number): Promise<void> {
    const { connection } = this;
    await connection.query('START TRANSACTION');
    const [found] = await connection.execute<mysql.RowDataPacket[]>(FIND, [DAY, key]);
    const [rows] = await connection.execute<AccountRow[]>(LOCK, [cash(account)]);
    const balance = judged(found, rows, key);
    for (const [sql, values] of this.writes(key, account, balance)) await connection.execute(sql, values);
    await connection.query('COMMIT');
  }

  async inPackets(key: string, account: number): Promise<void> {
    const { connection } = this;
    const [answers] = await connection.query<mysql.RowDataPacket[][]>(`START TRANSACTION;${FIND};${LOCK}`, [
      DAY,
      key,
      cash(account),
    ]);
    const balance = judged(answers[1] ?? [], (answers[2] ?? []) as AccountRow[], key);
    const writes = this.writes(key, account, balance);
    const sql = [...writes.map(([text]) => text), 'COMMIT'].join(';');
    await connection.query(
      sql,
      writes.flatMap(([, values]) => values),
    );
  }

  close(): Promise<void> {
    return this.connection.end();
  }

  private writes(key: string, account: number, balance: bigint): [sql: string, values: (string | number | Buffer)[]][] {
    const input = JSON.stringify(promiseOf(account));
    const balances = JSON.stringify({ [cash(account)]: String(balance) });
    const [lane, number] = [-this.run, this.slot * 10_000_000 + ++this.serial];
    const digest = hash('sha256', input, 'buffer');
    return [
      [POSTING, [DAY, key, digest, input, balances, lane, number]],
      [TRANSFER, [lane, number, DAY, key, receivable(account), cash(account), String(AMOUNT)]],
      [BALANCE, [String(AMOUNT), cash(account)]],
      [PART, [receivable(account), SLOTS + this.slot, String(-AMOUNT)]],
    ];
  }
}

/** Beyond the slots that lanes use. */
const SLOTS = 1_000;

function judged(found: readonly unknown[], rows: readonly AccountRow[], key: string): bigint {
  const [account] = rows;
  if (found.length > 0) throw new Error(`key ${key} is taken`);
  if (!account) throw new Error(`no account for key ${key}`);
  const balance = BigInt(account.balance) + AMOUNT;
  if (balance < BigInt(account.floor) || balance > BigInt(account.ceiling)) throw new Error('past its limit');
  return balance;
}

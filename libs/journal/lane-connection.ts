import { connectionOptions, type Queryable, type Row } from '@yidian/database';
import { createConnection, type Connection } from 'mysql2';
import { once } from 'node:events';
import { BoundRows } from './bound-rows';
import type { Statement } from './lane-body';
import { offerBulk, sendParts, takesBulk, type Part } from './lane-pipeline';
import { PreparedInserts } from './prepared-inserts';
import { preparedSql, rowList, textSql } from './row-list';
import { sqlText } from './sql-text';

/**
 * A lane's own connection, never from a pool: what it sets (short waits, strict mode, several statements per packet) must
 * not leak to others, and destroying it must end exactly one transaction.
 */

export interface LaneConnectionOptions {
  url: string;
  /** Longer than any wait the server allows us; after it the connection is destroyed and the outcome is unknown. */
  answerMs?: number;
}

const ANSWER_MS = 12_000;
const SQL_MODE = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION';
/** A stopped writer frees its locks after wait_timeout: the server ends its connection. */
const SESSION: readonly string[] = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION sql_mode = '${SQL_MODE}', wait_timeout = 8, innodb_lock_wait_timeout = 3, time_zone = '+00:00'`,
];
const WANTED: readonly (readonly [names: readonly string[], value: string])[] = [
  [['transaction_isolation', 'tx_isolation'], 'READ-COMMITTED'],
  [['sql_mode'], SQL_MODE],
  [['wait_timeout'], '8'],
  [['innodb_lock_wait_timeout'], '3'],
  [['autocommit'], 'ON'],
  [['time_zone'], '+00:00'],
  // Lists are sorted here and compared there.
  [['collation_database'], 'utf8mb4_bin'],
];

/** No answer came, or the connection is gone: whatever was under way is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export type Answer = Row[] | { affectedRows: number };

type Done = (error: Error | null, result?: unknown) => void;

export class LaneConnection implements Queryable {
  private dead: Error | undefined;
  private readonly rows = new BoundRows();
  /** Undefined where the server takes no bound arrays: rows are text there. */
  private prepared: PreparedInserts | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly answerMs: number,
  ) {
    connection.on('error', (error: Error) => (this.dead = error));
  }

  /** @param causal on Galera, reads wait until this node has what the others have answered */
  static async open({ url, answerMs }: LaneConnectionOptions, causal = false): Promise<LaneConnection> {
    const connection = createConnection({
      ...connectionOptions(url),
      multipleStatements: true,
      flags: ['FOUND_ROWS'],
      // Statements come here complete; the driver would look for places in them once more.
      queryFormat: (sql: string) => sql,
    });
    const lane = new LaneConnection(connection, answerMs ?? ANSWER_MS);
    offerBulk(connection);
    try {
      await once(connection, 'connect');
      if (takesBulk(connection)) lane.prepared = new PreparedInserts(connection);
      for (const sql of SESSION) await lane.packet([{ sql }]);
      await lane.assertSession(causal);
      return lane;
    } catch (error) {
      lane.destroy();
      throw error;
    }
  }

  /**
   * From here on nothing commits but COMMIT: where the server has rolled back in the middle of several commands, those behind
   * must not commit one by one.
   */
  async commitOnlyByCommit(): Promise<void> {
    await this.packet([{ sql: 'SET SESSION autocommit = 0' }]);
    const [row] = await this.select<{ value: unknown }>('SELECT @@autocommit AS value');
    if (Number(row?.value) !== 0) throw new Error('lane connection: autocommit stays on');
  }

  /** Rows of an earlier transaction are no longer needed. */
  forgetRows(): void {
    this.rows.reset();
  }

  /** Only after `commitOnlyByCommit`, and for this connection alone. See `LaneTx.insert`. */
  insertion(
    table: string,
    rows: readonly object[],
    empty?: Readonly<Record<string, unknown>>,
    hex?: string,
  ): Statement {
    const list = rowList(table, rows, empty, hex);
    if (!this.prepared || !list.even) return { sql: textSql(list) };
    const sql = preparedSql(list);
    const id = this.prepared.idOf(sql);
    return id === undefined ? { sql: textSql(list) } : { sql, bound: this.rows.add(id, list) };
  }

  /** Lets the server know the INSERTs that were met for the first time. */
  async prepareNew(): Promise<void> {
    const { prepared } = this;
    if (!prepared) return;
    for (const sql of prepared.takeWanted()) await this.ask((done) => prepared.prepare(sql, done));
  }

  /**
   * All statements in one write, in order. The server stops at the first that fails, unless rows are bound: then those behind
   * are carried out, too, and this still rejects with the first error.
   */
  async packet(statements: readonly Statement[]): Promise<Answer[]> {
    if (this.dead) throw new ConnectionLost('the connection is gone', { cause: this.dead });
    const runs = this.runsOf(statements);
    const [only] = runs;
    if (runs.length === 1 && typeof only?.part === 'string') {
      const { part } = only;
      return answersOf(only, await this.ask((done) => this.connection.query(part, done)));
    }
    const results = (await this.ask((done) =>
      sendParts(
        this.connection,
        runs.map((run) => run.part),
        done,
      ),
    )) as unknown[];
    return runs.flatMap((run, n) => answersOf(run, results[n]));
  }

  async select<T extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const [rows] = await this.packet([{ sql, params }]);
    return rows as T[];
  }

  async run(sql: string, params: readonly unknown[] = []): Promise<number> {
    const [result] = await this.packet([{ sql, params }]);
    return matched(result);
  }

  /** Ends the connection without a word to the server: an open transaction of it rolls back there. */
  destroy(): void {
    this.dead ??= new Error('destroyed by its owner');
    this.connection.destroy();
  }

  /** Neighbours that are text become one command. */
  private runsOf(statements: readonly Statement[]): Run[] {
    const runs: Run[] = [];
    for (const { sql, params, bound } of statements) {
      const last = runs.at(-1);
      const text = params ? sqlText(sql, params) : sql;
      if (bound) runs.push({ part: this.rows.commands(bound), count: 1 });
      else if (last && typeof last.part === 'string') {
        last.part += `;\n${text}`;
        last.count++;
      } else runs.push({ part: text, count: 1 });
    }
    return runs;
  }

  /** By callback: the driver's promises take a stack trace for each packet, which costs more than to write it. */
  private ask(send: (done: Done) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.destroy();
        reject(new ConnectionLost(`no answer within ${this.answerMs} ms`));
      }, this.answerMs);
      send((error, result) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  private async assertSession(causal: boolean): Promise<void> {
    const names = [...WANTED.flatMap(([alternatives]) => alternatives), 'wsrep_sync_wait'];
    const rows = await this.select<{ Variable_name: string; Value: string }>(
      'SHOW SESSION VARIABLES WHERE Variable_name IN (?)',
      [names],
    );
    const values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
    for (const [alternatives, value] of WANTED) {
      const found = alternatives.map((name) => values.get(name)).find((text) => text !== undefined);
      if (found !== value) throw new Error(`lane connection: ${alternatives[0]} is ${found}, must be ${value}`);
    }
    if (causal && values.has('wsrep_sync_wait')) await this.packet([{ sql: 'SET SESSION wsrep_sync_wait = 1' }]);
  }
}

/** Consecutive statements that go as one command. */
interface Run {
  part: Part;
  count: number;
}

const answersOf = ({ count }: Run, result: unknown): Answer[] => (count > 1 ? result : [result]) as Answer[];

export function matched(answer: Answer | undefined): number {
  if (!answer || Array.isArray(answer)) throw new Error('a write was expected');
  return answer.affectedRows;
}

export function rowsOf<T extends Row>(answer: Answer | undefined): T[] {
  if (!Array.isArray(answer)) throw new Error('rows were expected');
  return answer as T[];
}

import { connectionOptions, type Queryable, type Row } from '@yidian/database';
import { createConnection, type Connection } from 'mysql2';
import { once } from 'node:events';
import type { Statement } from './lane-body';
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

export class LaneConnection implements Queryable {
  private dead: Error | undefined;

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
    try {
      await once(connection, 'connect');
      for (const sql of SESSION) await lane.packet([{ sql }]);
      await lane.assertSession(causal);
      return lane;
    } catch (error) {
      lane.destroy();
      throw error;
    }
  }

  /** All statements in one packet, in order; the server stops at the first that fails. */
  async packet(statements: readonly Statement[]): Promise<Answer[]> {
    if (this.dead) throw new ConnectionLost('the connection is gone', { cause: this.dead });
    const sql = statements.map((one) => (one.params ? sqlText(one.sql, one.params) : one.sql)).join(';\n');
    const result = await this.ask(sql);
    return (statements.length > 1 ? result : [result]) as Answer[];
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

  /** By callback: the driver's promises take a stack trace for each packet, which costs more than to write it. */
  private ask(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.destroy();
        reject(new ConnectionLost(`no answer within ${this.answerMs} ms`));
      }, this.answerMs);
      this.connection.query(sql, (error, result) => {
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

export function matched(answer: Answer | undefined): number {
  if (!answer || Array.isArray(answer)) throw new Error('a write was expected');
  return answer.affectedRows;
}

export function rowsOf<T extends Row>(answer: Answer | undefined): T[] {
  if (!Array.isArray(answer)) throw new Error('rows were expected');
  return answer as T[];
}

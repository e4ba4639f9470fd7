import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';

/** What the server has committed since it was started. */
export interface CommitCounts {
  /** Transactions written to the binlog. */
  commits: number;
  /** Times that the binlog was forced to the disk for them: fewer, because the server gathers those that wait. */
  syncs: number;
}

const NAMES = ['Binlog_commits', 'Binlog_group_commits'] as const;

/** One open connection, so that asking costs nothing; MariaDB counts this, other servers answer 0. */
export class CommitCounter {
  private constructor(private readonly connection: mysql.Connection) {}

  static async open(adminUrl: string): Promise<CommitCounter> {
    return new CommitCounter(await mysql.createConnection(connectionOptions(adminUrl)));
  }

  async read(): Promise<CommitCounts> {
    const [rows] = await this.connection.query<mysql.RowDataPacket[]>('SHOW GLOBAL STATUS WHERE Variable_name IN (?)', [
      NAMES,
    ]);
    const values = new Map(rows.map((row) => [String(row['Variable_name']), Number(row['Value'])]));
    const [commits = 0, syncs = 0] = NAMES.map((name) => values.get(name) ?? 0);
    return { commits, syncs };
  }

  async close(): Promise<void> {
    await this.connection.end();
  }
}

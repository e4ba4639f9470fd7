import mysql from 'mysql2/promise';
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm';
import { connectionOptions } from './url';
import { retryable } from './retry';

export type Row = Record<string, unknown>;

/** What a store needs of the database. Bound to the pool, or to one transaction. */
export interface Queryable {
  /** Rows of a SELECT. `IN (?)` takes an array; `VALUES ?` takes an array of rows. */
  select<T extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** INSERT, UPDATE or DELETE. Returns the number of rows *matched* (FOUND_ROWS is on), so a CAS counts its hits. */
  run(sql: string, params?: readonly unknown[]): Promise<number>;
}

export interface Db extends Queryable {
  /** READ COMMITTED; the whole function is run again (8 tries, jitter) on deadlock and lock time-out. Use only `tx` inside. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

type EntityClass = new () => object;

export interface DbOptions {
  url: string;
  /** Keep it small: 256 connections halve throughput, 16 is plenty. */
  poolSize?: number;
  entities?: (EntityClass | EntitySchema)[];
  migrations?: (new () => object)[];
}

/** TypeORM dialect by what the server says it is: `mysql` on MariaDB makes destructive drift and wrong locks. */
export async function serverFlavor(url: string): Promise<'mysql' | 'mariadb'> {
  const connection = await mysql.createConnection(connectionOptions(url));
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
    return /mariadb/i.test(String(rows[0]?.['version'])) ? 'mariadb' : 'mysql';
  } finally {
    await connection.end();
  }
}

export async function openDataSource(options: DbOptions): Promise<DataSource> {
  const { user, password, socketPath, host, port, database, ...driver } = connectionOptions(options.url);
  return new DataSource({
    type: await serverFlavor(options.url),
    username: user,
    password,
    database,
    ...(socketPath ? { socketPath } : { host, port }),
    timezone: 'Z',
    dateStrings: ['DATE'],
    charset: 'utf8mb4_bin',
    supportBigNumbers: true,
    isolationLevel: 'READ COMMITTED',
    poolSize: options.poolSize ?? 8,
    extra: { typeCast: driver.typeCast, connectTimeout: driver.connectTimeout },
    entities: options.entities ?? [],
    migrations: options.migrations ?? [],
    migrationsTableName: 'schema_migration',
    synchronize: false,
    logging: false,
  }).initialize();
}

export async function openDb(options: DbOptions): Promise<Db> {
  const dataSource = await openDataSource(options);
  return {
    ...bind(dataSource.manager),
    dataSource,
    transaction: (work) => transaction(dataSource, work),
    close: () => dataSource.destroy(),
  };
}

function bind(manager: EntityManager): Queryable {
  return {
    select: <T extends Row>(sql: string, params: readonly unknown[] = []) => manager.query<T[]>(sql, [...params]),
    run: async (sql, params = []) => {
      const result = await manager.query<{ affectedRows?: number }>(sql, [...params]);
      return result.affectedRows ?? 0;
    },
  };
}

const MAX_TRIES = 8;

async function transaction<T>(dataSource: DataSource, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction('READ COMMITTED', (manager) => work(bind(manager)));
    } catch (error) {
      if (attempt >= MAX_TRIES || !retryable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 48));
    }
  }
}

import type { Pool, PoolConnection } from 'mysql2';
import mysql from 'mysql2/promise';
import { DataSource, QueryFailedError, type EntitySchema } from 'typeorm';
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
    ...bind((dataSource.driver as unknown as { pool: Pool }).pool),
    dataSource,
    transaction: (work) => transaction(dataSource, work),
    close: () => dataSource.destroy(),
  };
}

/**
 * Statements go to the driver itself. What an ORM does around each (a runner, subscribers, a stack trace for the case of an
 * error) costs more than most of them, and nothing here needs it.
 */
function bind(driver: Pool | PoolConnection): Queryable {
  return {
    select: async <T extends Row>(sql: string, params: readonly unknown[] = []) =>
      (await ask(driver, sql, params)) as T[],
    run: async (sql, params = []) => ((await ask(driver, sql, params)) as { affectedRows?: number }).affectedRows ?? 0,
  };
}

/** @throws QueryFailedError made here and not in the driver's callback, so that its stack names who asked */
async function ask(driver: Pool | PoolConnection, sql: string, params: readonly unknown[]): Promise<unknown> {
  try {
    return await new Promise<unknown>((resolve, reject) => {
      driver.query(sql, params as unknown[], (error, result) => (error ? reject(error) : resolve(result)));
    });
  } catch (error) {
    throw new QueryFailedError(sql, [...params], error as Error);
  }
}

const MAX_TRIES = 8;

async function transaction<T>(dataSource: DataSource, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction('READ COMMITTED', async (manager) =>
        work(bind((await manager.queryRunner?.connect()) as PoolConnection)),
      );
    } catch (error) {
      if (attempt >= MAX_TRIES || !retryable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 48));
    }
  }
}

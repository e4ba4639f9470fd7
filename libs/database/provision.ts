import mysql from 'mysql2/promise';
import { openDataSource } from './db';
import { connectionOptions, withSchema } from './url';

/** One service's schema: who may touch it, and which tables even its own user may never change. */
export interface SchemaPlan {
  /** `gateway`, `billing`, `reconciliation`, `settlement` */
  service: string;
  migrations: (new () => object)[];
  /** Tables the service may only INSERT into and SELECT from: transfers, postings, facts, audit. */
  appendOnly: readonly string[];
}

export interface Provisioned {
  service: string;
  /** Connection URL of the service's own restricted user. */
  url: string;
  migrationsRun: number;
}

/**
 * Creates schema and user when missing, runs the migrations as the administrator, then grants the service's user
 * SELECT and INSERT on its schema and UPDATE and DELETE table by table, leaving out the append-only ones.
 * Idempotent; forward only.
 * @param adminUrl a user that may create schemas and users
 * @param prefix schema and user names are `<prefix>_<service>`
 * @param password one per service user
 */
export async function provision(
  adminUrl: string,
  prefix: string,
  plan: SchemaPlan,
  password: string,
): Promise<Provisioned> {
  const schema = `${prefix}_${plan.service}`;
  const admin = await mysql.createConnection({ ...connectionOptions(adminUrl), database: undefined });
  try {
    await admin.query(`CREATE DATABASE IF NOT EXISTS \`${schema}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    const migrationsRun = await migrate(withSchema(adminUrl, schema), plan);
    await grant(admin, schema, plan, password);
    return { service: plan.service, url: withSchema(adminUrl, schema, { user: schema, password }), migrationsRun };
  } finally {
    await admin.end();
  }
}

async function migrate(url: string, plan: SchemaPlan): Promise<number> {
  const dataSource = await openDataSource({ url, migrations: plan.migrations, poolSize: 1 });
  try {
    return (await dataSource.runMigrations({ transaction: 'none' })).length;
  } finally {
    await dataSource.destroy();
  }
}

async function grant(admin: mysql.Connection, schema: string, plan: SchemaPlan, password: string): Promise<void> {
  const account = `${mysql.escape(schema)}@'%'`;
  const local = `${mysql.escape(schema)}@'localhost'`;
  const [tables] = await admin.query<mysql.RowDataPacket[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'`,
    [schema],
  );
  for (const who of [account, local]) {
    await admin.query(`CREATE USER IF NOT EXISTS ${who} IDENTIFIED BY ${mysql.escape(password)}`);
    await admin.query(`ALTER USER ${who} IDENTIFIED BY ${mysql.escape(password)}`);
    await admin.query(`GRANT SELECT, INSERT ON \`${schema}\`.* TO ${who}`);
    for (const table of tables) {
      const name = String(table['name']);
      if (name === 'schema_migration' || plan.appendOnly.includes(name)) continue;
      await admin.query(`GRANT UPDATE, DELETE ON \`${schema}\`.\`${name}\` TO ${who}`);
    }
  }
}

import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { connectionOptions, openDb, provision, type Db, type SchemaPlan } from '@yidian/database';

export interface TestDatabase {
  db: Db;
  /** URL of the service's own restricted user. */
  url: string;
  /** URL of the administrator in the same schema, for set-up that the service itself may not do. */
  adminUrl: string;
  close(): Promise<void>;
}

/** A fresh schema with the service's migrations and rights; dropped on close. Its name is no other's, also when a file before it has left its own. */
export async function testDatabase(plan: SchemaPlan): Promise<TestDatabase> {
  const adminUrl = process.env['TEST_DATABASE_URL'];
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: run through jest');
  const prefix = `t${process.env['JEST_WORKER_ID'] ?? '0'}_${process.pid}_${randomBytes(3).toString('hex')}`;
  const { url } = await provision(adminUrl, prefix, plan, 'test-password');
  const db = await openDb({ url, poolSize: 8 });
  const schema = `${prefix}_${plan.service}`;
  const schemaAdmin = new URL(adminUrl);
  schemaAdmin.pathname = `/${schema}`;
  return {
    db,
    url,
    adminUrl: schemaAdmin.toString(),
    close: async () => {
      await db.close();
      const admin = await mysql.createConnection({ ...connectionOptions(adminUrl), database: undefined });
      await admin.query(`DROP DATABASE IF EXISTS \`${schema}\``);
      await admin.query(`DROP USER IF EXISTS ${mysql.escape(schema)}@'%', ${mysql.escape(schema)}@'localhost'`);
      await admin.end();
    },
  };
}

export function testRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set: run through jest');
  return url;
}

import mysql from 'mysql2/promise';
import { connectionOptions, openDataSource, withSchema } from '@yidian/database';
import { BILLING_ENTITIES, branchAccount, subscriberAccount } from './billing/billing.entities';
import { GATEWAY_ENTITIES } from './gateway/gateway.entities';

export interface BaselineSchemas {
  gateway: string;
  billing: string;
}

export interface BaselineNumber {
  msisdn: string;
  branch: string;
  /** Fen. */
  opening: number;
}

const CEILING = 1_000_000_000_000;
const ROWS = 1_000;

/** Two schemas made from the entities, and the same numbers as the platform has. */
export async function makeSchemas(
  adminUrl: string,
  prefix: string,
  numbers: readonly BaselineNumber[],
): Promise<BaselineSchemas> {
  const urls = {
    gateway: withSchema(adminUrl, `${prefix}_gateway`),
    billing: withSchema(adminUrl, `${prefix}_billing`),
  };
  const admin = await mysql.createConnection(connectionOptions(adminUrl));
  try {
    for (const service of ['gateway', 'billing'])
      await admin.query(`CREATE DATABASE \`${prefix}_${service}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  } finally {
    await admin.end();
  }
  for (const [url, entities] of [
    [urls.gateway, GATEWAY_ENTITIES],
    [urls.billing, BILLING_ENTITIES],
  ] as const) {
    const dataSource = await openDataSource({ url, entities: [...entities], poolSize: 1 });
    await dataSource.synchronize();
    await dataSource.destroy();
  }
  await seed(urls.billing, numbers);
  return urls;
}

async function seed(url: string, numbers: readonly BaselineNumber[]): Promise<void> {
  const connection = await mysql.createConnection(connectionOptions(url));
  try {
    const branches = [...new Set(numbers.map(({ branch }) => branch))];
    await connection.query('INSERT INTO account (id, balance, ceiling) VALUES ?', [
      branches.map((branch) => [branchAccount(branch), 0, CEILING]),
    ]);
    for (let from = 0; from < numbers.length; from += ROWS) {
      const rows = numbers.slice(from, from + ROWS);
      await connection.query('INSERT INTO subscriber (msisdn, id, branch, status) VALUES ?', [
        rows.map(({ msisdn, branch }) => [msisdn, `s${msisdn}`, branch, 'active']),
      ]);
      await connection.query('INSERT INTO account (id, balance, ceiling) VALUES ?', [
        rows.map(({ msisdn, opening }) => [subscriberAccount(`s${msisdn}`), opening, CEILING]),
      ]);
    }
  } finally {
    await connection.end();
  }
}

/** What was really written: the baseline must have done its work, too. */
export async function completedPayments(schemas: BaselineSchemas): Promise<{ payments: number; transfers: number }> {
  const payments = await count(schemas.gateway, "SELECT COUNT(*) AS n FROM payment WHERE state = 'completed'");
  return { payments, transfers: await count(schemas.billing, 'SELECT COUNT(*) AS n FROM transfer') };
}

async function count(url: string, sql: string): Promise<number> {
  const connection = await mysql.createConnection(connectionOptions(url));
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return Number(rows[0]?.['n']);
  } finally {
    await connection.end();
  }
}

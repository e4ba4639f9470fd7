import type { ServiceName } from '@yidian/contracts';
import { withSchema } from '@yidian/database';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf, type Places } from '../platform/places';
import { PlainError } from '../platform/progress';
import { readRun } from '../platform/run-file';
import type { VerifyConfig } from './verify.config';

/**
 * Where a service's rows lie: as the environment names it, else in the private server of the platform that runs from this
 * folder, read with the service's own user.
 * @throws PlainError when there is neither
 */
export function databaseOf(service: ServiceName, root: string, config: VerifyConfig): string {
  const own = {
    billing: config.BILLING_DATABASE_URL,
    settlement: config.SETTLEMENT_DATABASE_URL,
    gateway: config.GATEWAY_DATABASE_URL,
    reconciliation: config.RECONCILIATION_DATABASE_URL,
  }[service];
  if (own) return own;
  const schema = `${config.DATABASE_PREFIX}_${service}`;
  if (config.DATABASE_URL) return withSchema(config.DATABASE_URL, schema);
  return privateServer(placesOf(root), service, schema);
}

function privateServer(places: Places, service: ServiceName, schema: string): string {
  const server = readRun(places.runFile)?.children.find((child) => child.name === 'MariaDB');
  const passwords = join(places.data, 'database-users.json');
  if (!server || !existsSync(passwords))
    throw new PlainError(
      'No platform runs from this folder with a database of its own: run `npm start`, or name the database by DATABASE_URL.',
    );
  // The folder of the server's socket is what its process is known by.
  const url = `mysql://localhost/?socketPath=${encodeURIComponent(join(server.marker, 'mysql.sock'))}`;
  const password = (JSON.parse(readFileSync(passwords, 'utf8')) as Partial<Record<string, string>>)[service] ?? '';
  return withSchema(url, schema, { user: schema, password });
}

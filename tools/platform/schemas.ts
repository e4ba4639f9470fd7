import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { provision, type Provisioned } from '@yidian/database';
import type { ServiceName } from '@yidian/contracts';
import type { Places } from './places';
import { SCHEMA_PLANS } from './schema-plans';

const passwordsFile = z.record(z.string(), z.string().min(16));

export interface Schemas {
  urls: Record<ServiceName, string>;
  results: Provisioned[];
}

/** Four schemas, four users with rights on their own schema only, migrations run. The users' passwords stay in .data. */
export async function provisionAll(adminUrl: string, prefix: string, places: Places): Promise<Schemas> {
  const passwords = passwordsOf(places);
  const results: Provisioned[] = [];
  for (const plan of SCHEMA_PLANS) results.push(await provision(adminUrl, prefix, plan, passwords[plan.service] ?? ''));
  const urls = Object.fromEntries(results.map(({ service, url }) => [service, url])) as Record<ServiceName, string>;
  return { urls, results };
}

function passwordsOf(places: Places): Record<string, string> {
  const path = join(places.data, 'database-users.json');
  const known = existsSync(path) ? passwordsFile.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const all = Object.fromEntries(
    SCHEMA_PLANS.map(({ service }) => [service, known[service] ?? randomBytes(24).toString('base64url')]),
  );
  writeFileSync(path, JSON.stringify(all, null, 2), { mode: 0o600 });
  return all;
}

import { provision } from '@yidian/database';
import { SCHEMA_PLANS } from '../platform/schema-plans';
import { migrateConfig } from './migrate.config';

/** `npm run migrate`: schemas, users and rights of the four services on a named server, migrations forward. Repeatable. */
async function main(): Promise<void> {
  const { adminUrl, prefix, passwords } = migrateConfig();
  for (const plan of SCHEMA_PLANS) {
    const { migrationsRun } = await provision(adminUrl, prefix, plan, passwords[plan.service] ?? '');
    process.stdout.write(`${plan.service}: ${migrationsRun} migrations run, ${plan.migrations.length} in all\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

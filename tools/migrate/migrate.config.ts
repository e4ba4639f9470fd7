import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const password = z.string().min(12, { error: 'needs at least 12 characters' });
const environment = z.object({
  /** An administrator: may create schemas and users. */
  DATABASE_URL: z.url(),
  /** Schemas and users are called `<prefix>_<service>`. */
  DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/)
    .default('yidian'),
  GATEWAY_DB_PASSWORD: password,
  BILLING_DB_PASSWORD: password,
  RECONCILIATION_DB_PASSWORD: password,
  SETTLEMENT_DB_PASSWORD: password,
});

export interface MigrateConfig {
  adminUrl: string;
  prefix: string;
  passwords: Record<string, string>;
}

export function migrateConfig(): MigrateConfig {
  const env = loadConfig(environment);
  return {
    adminUrl: env.DATABASE_URL,
    prefix: env.DATABASE_PREFIX,
    passwords: {
      gateway: env.GATEWAY_DB_PASSWORD,
      billing: env.BILLING_DB_PASSWORD,
      reconciliation: env.RECONCILIATION_DB_PASSWORD,
      settlement: env.SETTLEMENT_DB_PASSWORD,
    },
  };
}

import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const url = z.string().min(1).optional();
const environment = z.object({
  /** One user that may read all schemas, or one URL for each service. */
  DATABASE_URL: url,
  DATABASE_PREFIX: z.string().min(1).default('yidian'),
  BILLING_DATABASE_URL: url,
  SETTLEMENT_DATABASE_URL: url,
  GATEWAY_DATABASE_URL: url,
  RECONCILIATION_DATABASE_URL: url,
});

export const verifyConfig = () => loadConfig(environment);
export type VerifyConfig = ReturnType<typeof verifyConfig>;

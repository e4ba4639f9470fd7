import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const environment = z.object({
  /** An administrator of a running MariaDB or MySQL, instead of a private one. */
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
  /** First of the nine ports. */
  PORT_BASE: z.coerce.number().int().min(1024).max(31_000).default(4000),
  /** Payments of the demo day. */
  DEMO_PAYMENTS: z.coerce.number().int().min(100).max(20_000).optional(),
  LOG_LEVEL: z.string().default('info'),
});

export const startConfig = () => loadConfig(environment);

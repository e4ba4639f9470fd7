import { plainDate } from '@yidian/contracts';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

export const billingConfig = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  MODE: z.enum(['test', 'live']),
  DATABASE_URL: z.string().min(1),
  RPC_PORT: port,
  /** Health only. */
  HTTP_PORT: port,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** The date a provider's credit book opens with when the provider is first seen. */
  FIRST_BUSINESS_DATE: plainDate,
});
export type BillingConfig = z.output<typeof billingConfig>;

/** Injection token of the parsed configuration. */
export const CONFIG = Symbol('billing config');

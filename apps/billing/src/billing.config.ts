import { plainDate } from '@yidian/contracts';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

export const billingConfig = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  MODE: z.enum(['test', 'live']),
  DATABASE_URL: z.string().min(1),
  RPC_PORT: port,
  /** Health, and the events of branches with a billing system of their own. */
  HTTP_PORT: port,
  /** Signs anchors at day close; made on the first start. Without it none is signed. */
  ANCHOR_KEY_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** The date a provider's credit book opens with when the provider is first seen. */
  FIRST_BUSINESS_DATE: plainDate,
  /**
   * Sums in fen that people choose to be topped up at: a debit that takes a balance below one is told (`low_balance`). Any
   * other sum is found by clock.
   */
  LOW_BALANCE_FEN: z
    .string()
    .regex(/^(\d{1,9}(,\d{1,9})*)?$/)
    .default('500,1000,2000,3000,5000,10000')
    .transform((text) => text.split(',').filter(Boolean).map(BigInt)),
  /** Which branches keep a billing system of their own; without it those known before stay. */
  BSS_PROFILE: z.string().min(1).optional(),
  /** What we sign our requests to them with; needed as soon as there is one. */
  BSS_KEY_FILE: z.string().min(1).optional(),
  /** Under which address they reach our HTTP port: their signatures name it. Default: the port itself. */
  BSS_PUBLIC_URL: z.url().optional(),
  /** Their files are kept here; default `.data/billing`. */
  DATA_DIR: z.string().min(1).optional(),
});
export type BillingConfig = z.output<typeof billingConfig>;

/** Injection token of the parsed configuration. */
export const CONFIG = Symbol('billing config');

import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = (normal: number) => z.coerce.number().int().min(0).max(86_400_000).default(normal);
/** HH:mm, or never. */
const timeOrOff = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^off$/, { error: 'must be HH:mm or off' });
/** `127.0.0.1:4002` */
const endpoint = z
  .string()
  .regex(/^[^:\s]+:\d{1,5}$/, { error: 'must be host:port' })
  .transform((text) => {
    const [host = '', port = ''] = text.split(':');
    return { host, port: Number(port) };
  });

export const reconciliationConfig = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  MODE: z.enum(['test', 'live']),
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  RPC_PORT: port,
  /** Health only. */
  HTTP_PORT: port,
  GATEWAY_RPC: endpoint,
  BILLING_RPC: endpoint,
  SETTLEMENT_RPC: endpoint,
  /** Archived statement files and segments. */
  DATA_DIR: z.string().min(1),
  /** Reports for people, a folder per date. */
  OUT_DIR: z.string().min(1),
  /** Signs anchors of the audit; made on the first start. Without it none is signed. */
  ANCHOR_KEY_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Billing's book closes so long after the gateway's, so that a credit one second after the cut is in the book. */
  CUT_GRACE_MS: milliseconds(1_800_000),
  PULL_EVERY_MS: milliseconds(3_000),
  SWEEP_EVERY_MS: milliseconds(15_000),
  /** A provider-day that is not settled by this time of the next calendar day (Asia/Shanghai) is an alarm. */
  DAY_DEADLINE: timeOrOff.default('12:00'),
  /** A day on which all is well is signed by itself at this time of the next calendar day. */
  DAY_CLOSES_ITSELF: timeOrOff.default('18:00'),
  /** So many numbers of a province are compared with it a night, beside those it credited; 0: none. */
  NUMBERS_A_NIGHT: z.coerce.number().int().min(0).max(1_000_000).default(20_000),
  /** A statement that is not there yet is asked for again after this. */
  FETCH_RETRY_MS: milliseconds(60_000),
});
export type ReconciliationConfig = z.output<typeof reconciliationConfig>;

/** Injection token of the parsed configuration. */
export const CONFIG = Symbol('reconciliation config');
/** Injection token of the database. */
export const DB = Symbol('reconciliation database');

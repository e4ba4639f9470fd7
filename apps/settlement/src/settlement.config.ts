import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** `host:port` of another service's RPC. */
const endpoint = z
  .string()
  .regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port')
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at), port: parseInt(text.slice(at + 1), 10) };
  });
export type Endpoint = z.output<typeof endpoint>;

export const settlementConfig = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  MODE: z.enum(['test', 'live']),
  DATABASE_URL: z.string().min(1),
  RPC_PORT: port,
  /** Health only. */
  HTTP_PORT: port,
  GATEWAY_RPC: endpoint,
  BILLING_RPC: endpoint,
  RECONCILIATION_RPC: endpoint,
  /**
   * JSON file with the carrier's fee schedules and commission plans; shape in profile/settlement-profile.ts, an example in
   * apps/settlement/profile.example.json. Read at every start: new ids are added; an id that is already there with other
   * terms stops the start, because settled payments point to the terms they were priced by.
   */
  SETTLEMENT_PROFILE: z.string().min(1).optional(),
  /**
   * JSON file with headquarters' own accounts, how providers' money arrives, payees' wait and the calendar; shape in
   * payouts/treasury-profile.ts, an example in apps/settlement/treasury.example.json.
   */
  TREASURY_PROFILE: z.string().min(1).optional(),
  /**
   * Folder of the archive that reconciliation keeps (its DATA_DIR/archive), on a disk that both have: matched lines are settled
   * from the parts sealed there, and settled ones are sealed beside them. Without it all lines are asked for page by page.
   */
  ARCHIVE_DIR: z.string().min(1).optional(),
  /** Folder from which the bank's client takes payout files. Without it they are fetched by `payouts.file` only. */
  PAYOUT_FOLDER: z.string().min(1).optional(),
  /** Signs anchors at day close; made on the first start. Without it none is signed. */
  ANCHOR_KEY_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
export type SettlementConfig = z.output<typeof settlementConfig>;

/** Injection token of the parsed configuration. */
export const CONFIG = Symbol('settlement config');

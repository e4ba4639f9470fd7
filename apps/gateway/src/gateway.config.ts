import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const endpoint = z
  .string()
  .regex(/^[^:\s]+:\d+$/, { error: 'must be host:port' })
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at), port: Number.parseInt(text.slice(at + 1), 10) };
  });
const port = z.coerce.number().int().min(0).max(65_535);

/** `smpp://system_id:password@host:port`, or smpps: for TLS. Sizes are the protocol's own. */
const smppUrl = z
  .url({ protocol: /^smpps?$/, error: 'must be smpp://system_id:password@host:port' })
  .transform((text) => {
    const { protocol, hostname, port: at, username, password } = new URL(text);
    const [systemId, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
    return { tls: protocol === 'smpps:', host: hostname, port: Number.parseInt(at || '2775', 10), systemId, secret };
  })
  .refine(({ systemId, secret }) => /^[!-~]{1,15}$/.test(systemId) && /^[!-~]{0,8}$/.test(secret), {
    error: 'a system_id has at most 15 characters, a password at most 8',
  });
const milliseconds = z.coerce.number().int().min(10);

const environment = z.object({
  MODE: z.enum(['test', 'live']),
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port,
  RPC_PORT: port,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  DATABASE_URL: z.url(),
  REDIS_URL: z.string().min(1),
  BILLING_RPC: endpoint,
  RECONCILIATION_RPC: endpoint,
  SETTLEMENT_RPC: endpoint,
  DATA_DIR: z.string().min(1),
  /** Built web sites; without it /portal/ and /console/ do not exist. */
  WEB_DIR: z.string().min(1).optional(),
  PROFILE: z.string().min(1),
  SECRETS_FILE: z.string().min(1),
  /** Signs anchors at day close; made on the first start. Without it none is signed. */
  ANCHOR_KEY_FILE: z.string().min(1).optional(),
  SMSC_URL: z.url().optional(),
  SMSC_SECRET: z.string().min(16).optional(),
  /** The message centre, by SMPP 3.4; it comes before SMS_SEND_URL, and that before SMSC_URL. */
  SMPP_URL: smppUrl.optional(),
  SMPP_SYSTEM_TYPE: z.string().max(12).default(''),
  SMPP_BIND: z.enum(['transceiver', 'receiver', 'transmitter']).default('transceiver'),
  SMPP_WINDOW: z.coerce.number().int().min(1).max(1_000).default(20),
  SMPP_ENQUIRE_MS: milliseconds.default(15_000),
  /** After this an answer is missing; less than the five seconds after which a text is tried again. */
  SMPP_ANSWER_MS: milliseconds.max(4_500).default(4_000),
  SMPP_LONG_BY: z.enum(['udh8', 'udh16', 'sar', 'payload']).default('udh8'),
  SMPP_ALPHABET: z.enum(['gsm7', 'latin1', 'ascii']).default('gsm7'),
  /** How long the same octets over another connection are taken for the same message, brought again. */
  SMPP_REPEAT_MS: z.coerce.number().int().min(0).default(600_000),
  /** How long a long message may wait for its missing parts. */
  SMPP_PARTS_MS: milliseconds.default(300_000),
  /** The number that people text to, and that texts come from. */
  SMS_SERVICE_NUMBER: z
    .string()
    .regex(/^\d{3,20}$/)
    .default('10086'),
  /** Before a number on the centre's line, such as 86; nothing where the centre takes national numbers. */
  SMS_COUNTRY_CODE: z
    .string()
    .regex(/^\d{0,3}$/)
    .default(''),
  /** Opens the door for gateways that bring texts by GET; without it the door takes nothing. */
  SMS_GET_KEY: z.string().min(16).optional(),
  /** How long such a gateway is kept waiting for the answer. */
  SMS_GET_WAIT_MS: milliseconds.max(60_000).default(8_000),
  /** Where such a gateway takes texts, its user and password in the query (Kannel: …/cgi-bin/sendsms?username=…). */
  SMS_SEND_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Fen above which a text must be confirmed by a code, even for one's own number; 0: every payment. */
  SMS_CONFIRM_ABOVE_FEN: z.coerce.number().int().min(0).default(20_000),
  /** The same order by text within this time is one payment. */
  SMS_REPEAT_WINDOW_MS: z.coerce.number().int().min(0).default(60_000),
  /** How long billing's book stays open after the provider's cut-off. */
  CUT_GRACE_MS: z.coerce.number().int().min(0).default(1_800_000),
  /** Fen up to which one person alone decides what is in doubt; above it a second one approves. */
  DECIDE_ALONE_FEN: z.coerce.number().int().min(0).default(50_000),
  /** How long an agreement or a linked number has the low limit of new ones; 0: not at all. */
  COOLING_HOURS: z.coerce.number().min(0).max(720).default(24),
  /** Fen that it may pay for in that time, altogether. */
  COOLING_FEN: z.coerce.number().int().positive().default(20_000),
  /** Numbers that one main number may have linked, those that are asked included. */
  MOST_LINKED: z.coerce.number().int().min(0).default(10),
  /** Beijing days between the notice of an automatic top-up and the top-up itself; 0: at once, without notice. */
  AUTO_NOTICE_DAYS: z.coerce.number().int().min(0).max(7).default(1),
  /** How often a number is looked at whose branch says nothing by itself. */
  AUTO_CHECK_MINUTES: z.coerce.number().min(0.01).default(30),
  /** Days after which a refused automatic top-up is tried again. */
  AUTO_RETRY_DAYS: z
    .string()
    .regex(/^(\d{1,2}(,\d{1,2})*)?$/)
    .default('1,3')
    .transform((text) => text.split(',').filter(Boolean).map(Number)),
  /** Refusals in a row after which it is stopped. */
  AUTO_STOP_AFTER: z.coerce.number().int().min(1).default(3),
  /** Fen below which a number is topped up where its payer has named no threshold. */
  AUTO_THRESHOLD_FEN: z.coerce.number().int().positive().default(1_000),
  /** Fen a month at most where its payer has named no other. */
  AUTO_MONTH_FEN: z.coerce.number().int().positive().default(10_000),
  /** Other numbers that one payer may pay for on a Beijing day; one more is held for review. 0: not counted. */
  RISK_NUMBERS_PER_PAYER: z.coerce.number().int().min(0).default(10),
  /** Other payers of one number on a Beijing day; one more is held for review. 0: not counted. */
  RISK_PAYERS_PER_NUMBER: z.coerce.number().int().min(0).default(10),
  /**
   * Different numbers that one partner may order for within an hour, collected money apart; one more is held for review. 0: not
   * counted.
   */
  RISK_NUMBERS_PER_PARTNER: z.coerce.number().int().min(0).default(20_000),
  /** How long debits that go by file are gathered for one. */
  BATCH_GATHER_MINUTES: z.coerce.number().min(0).default(30),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. */
  TRUST_PROXY: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
});

export type GatewayConfig = z.output<typeof environment> & { livemode: boolean };

/** The only place of the gateway that reads the environment. */
export function gatewayConfig(env?: NodeJS.ProcessEnv): GatewayConfig {
  const config = loadConfig(environment, env);
  return { ...config, livemode: config.MODE === 'live' };
}

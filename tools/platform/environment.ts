import type { ServiceName } from '@yidian/contracts';
import { join } from 'node:path';
import type { DemoFiles } from './demo-files';
import { smppUrl } from '../../sandbox/src/smsc/smpp-account';
import type { Places } from './places';
import type { Ports } from './ports';

export const PROGRAMS = ['billing', 'settlement', 'reconciliation', 'gateway', 'sandbox'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export interface Surroundings {
  places: Places;
  ports: Ports;
  databaseUrls: Record<ServiceName, string>;
  redisUrl: string;
  demo: DemoFiles;
  logLevel: string;
  /** How long billing's book stays open after the provider's cut-off; nothing in a demo, half an hour in live. */
  cutGraceMs: number;
  /** Only these are started; all when absent. */
  programs?: readonly ProgramName[] | undefined;
}

export const at = (port: number): string => `http://127.0.0.1:${port}`;

/** Only what a program needs to run at all is passed on: an administrator's DATABASE_URL is not a service's business. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ'];

/** The environment of one program: the whole of what it is told. */
export function environmentOf(name: ProgramName, around: Surroundings): Record<string, string> {
  const inherited = INHERITED.flatMap((key) => (process.env[key] ? [[key, process.env[key]] as const] : []));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    MODE: 'test',
    LOG_LEVEL: around.logLevel,
    ...(name === 'sandbox' ? sandbox(around) : service(name, around)),
  };
}

function service(name: ServiceName, around: Surroundings): Record<string, string> {
  const { places, ports } = around;
  const own = {
    gateway: { RPC_PORT: ports.gatewayRpc, HTTP_PORT: ports.gateway },
    billing: { RPC_PORT: ports.billingRpc, HTTP_PORT: ports.billingHealth },
    reconciliation: { RPC_PORT: ports.reconciliationRpc, HTTP_PORT: ports.reconciliationHealth },
    settlement: { RPC_PORT: ports.settlementRpc, HTTP_PORT: ports.settlementHealth },
  }[name];
  return {
    DATABASE_URL: around.databaseUrls[name],
    REDIS_URL: around.redisUrl,
    RPC_PORT: String(own.RPC_PORT),
    HTTP_PORT: String(own.HTTP_PORT),
    GATEWAY_RPC: `127.0.0.1:${ports.gatewayRpc}`,
    BILLING_RPC: `127.0.0.1:${ports.billingRpc}`,
    RECONCILIATION_RPC: `127.0.0.1:${ports.reconciliationRpc}`,
    SETTLEMENT_RPC: `127.0.0.1:${ports.settlementRpc}`,
    DATA_DIR: join(places.data, name),
    ANCHOR_KEY_FILE: join(places.data, name, 'anchor-key.json'),
    OUT_DIR: places.out,
    CUT_GRACE_MS: String(around.cutGraceMs),
    ...(name === 'billing' ? billing(around) : {}),
    ...(name === 'reconciliation' ? { FETCH_RETRY_MS: '5000', SWEEP_EVERY_MS: '5000' } : {}), // a demo's night is short
    ...(name === 'settlement' ? settlement(around) : {}),
    ...(name === 'gateway' ? gateway(around) : {}),
  };
}

function settlement({ demo, places }: Surroundings): Record<string, string> {
  return {
    ARCHIVE_DIR: join(places.data, 'reconciliation', 'archive'),
    SETTLEMENT_PROFILE: demo.settlementProfile,
    TREASURY_PROFILE: demo.treasuryProfile,
    PAYOUT_FOLDER: join(places.out, 'payouts'),
  };
}

function billing({ ports, demo, programs }: Surroundings): Record<string, string> {
  const first = { FIRST_BUSINESS_DATE: demo.demo.firstBusinessDate };
  // The sandbox plays the branch that has its own billing system; without it all branches are local.
  if (programs && !programs.includes('sandbox')) return first;
  return {
    ...first,
    BSS_PROFILE: demo.bss.profile,
    BSS_KEY_FILE: demo.bss.keyFile,
    BSS_PUBLIC_URL: at(ports.billingHealth),
  };
}

function gateway({ places, ports, demo }: Surroundings): Record<string, string> {
  return {
    PUBLIC_URL: at(ports.gateway),
    WEB_DIR: join(places.dist, 'web'),
    PROFILE: demo.profile,
    SECRETS_FILE: places.secretsFile,
    SMSC_URL: `${at(ports.sandbox)}/smsc/mt`,
    SMSC_SECRET: demo.demo.smscSecret,
    SMPP_URL: smppUrl(demo.demo.smscSecret, '127.0.0.1', ports.smpp),
    ...{ RISK_NUMBERS_PER_PAYER: '0', RISK_PAYERS_PER_NUMBER: '0' }, // a demo's few people pay for many numbers
    COOLING_HOURS: '0', // everybody in a demo has signed a minute ago
    SMS_REPEAT_WINDOW_MS: '3000', // a newcomer sends the same text again and again; a double tap is still one payment
  };
}

function sandbox({ places, ports, demo }: Surroundings): Record<string, string> {
  return {
    HTTP_PORT: String(ports.sandbox),
    SMPP_PORT: String(ports.smpp),
    GATEWAY_URL: at(ports.gateway),
    SANDBOX_DIR: join(places.data, 'sandbox'),
    DEMO_FILE: demo.demoFile,
    BSS_FILE: demo.bss.provinceFile,
    BILLING_URL: at(ports.billingHealth),
    OUT_DIR: places.out,
  };
}

import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { openDb } from '@yidian/database';
import { Audit } from '@yidian/journal';
import { redisConnection } from '@yidian/messaging';
import { readSecrets } from '@yidian/security';
import { createLogger } from '@yidian/telemetry';
import { readFile } from 'node:fs/promises';
import type { GatewayConfig } from './gateway.config';
import { Readiness } from './readiness';
import {
  BillingRpc,
  CONFIG,
  DB,
  LOGGER,
  REDIS,
  ReconciliationRpc,
  SECRETS,
  SettlementRpc,
  type Db,
  type Redis,
} from './platform';

const TOKENS = [CONFIG, DB, REDIS, LOGGER, SECRETS, BillingRpc, ReconciliationRpc, SettlementRpc, Audit, Readiness];

/** Connections and keys, opened once for the process and closed last. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(DB) private readonly db: Db,
    @Inject(REDIS) private readonly redis: Redis,
    private readonly billing: BillingRpc,
    private readonly reconciliation: ReconciliationRpc,
    private readonly settlement: SettlementRpc,
    private readonly audit: Audit,
  ) {}

  static with(config: GatewayConfig): DynamicModule {
    const { BILLING_RPC: billing, RECONCILIATION_RPC: reconciliation, SETTLEMENT_RPC: settlement } = config;
    return {
      module: PlatformModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger({ service: 'gateway', level: config.LOG_LEVEL }) },
        { provide: DB, useFactory: () => openDb({ url: config.DATABASE_URL, poolSize: 16 }) },
        { provide: REDIS, useFactory: () => redisConnection(config.REDIS_URL, false) },
        { provide: SECRETS, useFactory: async () => readSecrets(await readFile(config.SECRETS_FILE, 'utf8')) },
        { provide: BillingRpc, useFactory: () => new BillingRpc('billing', billing.host, billing.port) },
        {
          provide: ReconciliationRpc,
          useFactory: () => new ReconciliationRpc('reconciliation', reconciliation.host, reconciliation.port),
        },
        { provide: SettlementRpc, useFactory: () => new SettlementRpc('settlement', settlement.host, settlement.port) },
        { provide: Audit, useFactory: () => openAudit(config) },
        Readiness,
      ],
      exports: TOKENS,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    for (const client of [this.billing, this.reconciliation, this.settlement]) client.close();
    await this.audit.close();
    this.redis.disconnect();
    await this.db.close();
  }
}

async function openAudit(config: GatewayConfig): Promise<Audit> {
  const audit = new Audit({ url: config.DATABASE_URL, service: 'gateway', instance: `gateway-audit-${process.pid}` });
  await audit.open();
  return audit;
}

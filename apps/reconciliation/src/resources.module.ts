import { Global, Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DirectoryArchive } from '@yidian/archive';
import { openDb, type Db } from '@yidian/database';
import { Audit } from '@yidian/journal';
import { createLogger } from '@yidian/telemetry';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LOGGER } from './alarms/raise-alarm';
import { WriteAudit } from './audit/write-audit';
import { NightBell } from './close/night-bell';
import { Peers } from './peers';
import { KnownProviders } from './providers/known-providers';
import { CONFIG, DB, type ReconciliationConfig } from './reconciliation.config';
import { ARCHIVE } from './statements/fetch-statement';

const POOL = 8;

/** Closed last, when nobody works on it any more. A lane left open would only be fenced by somebody else later. */
@Injectable()
class CloseDb implements OnApplicationShutdown {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly audit: Audit,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.audit.close();
    await this.db.close();
  }
}

async function openAudit(config: ReconciliationConfig): Promise<Audit> {
  const instance = `${hostname()}:${process.pid}`.slice(-64);
  const audit = new Audit({ url: config.DATABASE_URL, service: 'reconciliation', instance });
  await audit.open();
  return audit;
}

/** What the rooms stand on: configuration, database, archive, bell, peers. */
@Global()
@Module({})
export class ResourcesModule {
  static with(config: ReconciliationConfig): DynamicModule {
    const { GATEWAY_RPC: gateway, BILLING_RPC: billing, SETTLEMENT_RPC: settlement } = config;
    return {
      module: ResourcesModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger({ service: 'reconciliation', level: config.LOG_LEVEL }) },
        { provide: DB, useFactory: () => openDb({ url: config.DATABASE_URL, poolSize: POOL }) },
        { provide: Audit, useFactory: () => openAudit(config) },
        { provide: ARCHIVE, useFactory: () => new DirectoryArchive(join(config.DATA_DIR, 'archive')) },
        { provide: Peers, useFactory: () => new Peers({ gateway, billing, settlement }) },
        { provide: NightBell, useFactory: () => new NightBell(config.REDIS_URL) },
        KnownProviders,
        WriteAudit,
        CloseDb,
      ],
      exports: [CONFIG, LOGGER, DB, ARCHIVE, Audit, Peers, NightBell, KnownProviders, WriteAudit],
    };
  }
}

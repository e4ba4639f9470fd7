import { Global, Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DirectoryArchive } from '@yidian/archive';
import { openDb, type Db } from '@yidian/database';
import { createLogger } from '@yidian/telemetry';
import { join } from 'node:path';
import { LOGGER } from './alarms/raise-alarm';
import { NightBell } from './close/night-bell';
import { Peers } from './peers';
import { KnownProviders } from './providers/known-providers';
import { CONFIG, DB, type ReconciliationConfig } from './reconciliation.config';
import { ARCHIVE } from './statements/fetch-statement';

const POOL = 8;

/** Closed last, when nobody works on it any more. */
@Injectable()
class CloseDb implements OnApplicationShutdown {
  constructor(@Inject(DB) private readonly db: Db) {}

  onApplicationShutdown(): Promise<void> {
    return this.db.close();
  }
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
        { provide: ARCHIVE, useFactory: () => new DirectoryArchive(join(config.DATA_DIR, 'archive')) },
        { provide: Peers, useFactory: () => new Peers({ gateway, billing, settlement }) },
        { provide: NightBell, useFactory: () => new NightBell(config.REDIS_URL) },
        KnownProviders,
        CloseDb,
      ],
      exports: [CONFIG, LOGGER, DB, ARCHIVE, Peers, NightBell, KnownProviders],
    };
  }
}
